import { cancel, confirm, isCancel, select, text } from '@clack/prompts'
import type { Wishes } from './arguments.ts'
import { CreateError } from './create-error.ts'
import type { RoomName } from './rooms.ts'
import { targetFolder } from './target-folder.ts'
import { TEMPLATES, type TemplateName } from './templates.ts'

export interface Answers {
  readonly folder: string
  readonly template: TemplateName | RoomName
  readonly install: boolean
}

/** Asks what the command line leaves open; `null` where the questions were cancelled. */
export async function ask({ folder, template, install }: Wishes, manager: string): Promise<Answers | null> {
  try {
    return {
      folder: folder ?? answered(await text({ message: 'Folder', initialValue: 'my-app', validate: usableFolder })),
      template: template ?? answered(await select({ message: 'Template', options: choices() })),
      install: install ?? answered(await confirm({ message: `Install the dependencies with ${manager}?` })),
    }
  } catch (error) {
    if (!(error instanceof Cancelled)) throw error
    cancel('Nothing was written.')
    return null
  }
}

/**
 * The same without a terminal.
 *
 * @throws CreateError `TSGI_ERR_USAGE` where the folder or the template is not said
 */
export function withoutQuestions({ folder, template, install }: Wishes): Answers {
  if (folder === undefined || template === undefined) {
    const missing = folder === undefined ? 'a folder' : `--template ${Object.keys(TEMPLATES).join(' | ')}`
    throw new CreateError('TSGI_ERR_USAGE', `expected ${missing}; there is no terminal to ask on`)
  }
  return { folder, template, install: install ?? false }
}

class Cancelled extends Error {}

function answered<T>(answer: T): Exclude<T, symbol> {
  if (isCancel(answer)) throw new Cancelled()
  return answer as Exclude<T, symbol>
}

function usableFolder(name: string | undefined): string | undefined {
  try {
    targetFolder(name ?? '')
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

const choices = () =>
  (Object.keys(TEMPLATES) as TemplateName[]).map((value) => ({
    value,
    label: TEMPLATES[value].title,
    hint: TEMPLATES[value].hint,
  }))
