import { parseArgs } from 'node:util'
import { CreateError } from './create-error.ts'
import { isRoom, ROOMS, type RoomName } from './rooms.ts'
import { isTemplate, TEMPLATES, type TemplateName } from './templates.ts'

/** What the command line says; what it does not say is asked, on a terminal. */
export interface Wishes {
  readonly help: boolean
  readonly folder: string | undefined
  readonly template: TemplateName | RoomName | undefined
  readonly install: boolean | undefined
}

export const HELP: string = `Usage: npm create tsgi@latest [folder] -- [options]

Start a TSGI application: TypeScript, a page, a test, and scripts to develop and serve it.

  -t, --template <name>   ${Object.keys(TEMPLATES).join(', ')}
                          or, to extend TSGI: ${Object.keys(ROOMS).join(', ')}
      --install           install the dependencies
      --no-install        do not, and do not ask
  -h, --help              show this

On a terminal, what is not said is asked.
`

/** @throws CreateError `TSGI_ERR_USAGE` */
export function readArguments(args: readonly string[]): Wishes {
  const { values, positionals } = parsed(args)
  if (positionals.length > 1) {
    throw usage(`expected one folder, got ${positionals.join(' ')}`)
  }
  const { template } = values
  if (template !== undefined && !isTemplate(template) && !isRoom(template)) {
    throw usage(`expected a template: ${Object.keys({ ...TEMPLATES, ...ROOMS }).join(', ')}; got ${template}`)
  }
  return { help: values.help === true, folder: positionals[0], template, install: values.install }
}

const usage = (message: string, cause?: unknown): CreateError =>
  new CreateError('TSGI_ERR_USAGE', `${message}\n  npm create tsgi@latest -- --help shows what there is.`, cause)

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      allowNegative: true,
      options: {
        template: { type: 'string', short: 't' },
        install: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    })
  } catch (error) {
    throw usage(error instanceof Error ? error.message : String(error), error)
  }
}
