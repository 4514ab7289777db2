/** The command: reads the command line, asks for the rest, and writes the project. */
import { relative } from 'node:path'
import { styleText } from 'node:util'
import { HELP, readArguments } from './arguments.ts'
import { CreateError } from './create-error.ts'
import { install, packageManager } from './package-manager.ts'
import { writeProject } from './project.ts'
import { ask, withoutQuestions } from './questions.ts'
import { targetFolder } from './target-folder.ts'

process.exitCode = await main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<number> {
  try {
    const wishes = readArguments(args)
    if (wishes.help) {
      process.stdout.write(HELP)
      return 0
    }
    if (wishes.folder !== undefined) targetFolder(wishes.folder)
    const manager = packageManager(process.env['npm_config_user_agent'])
    const terminal = process.stdin.isTTY && process.stdout.isTTY
    const answers = terminal ? await ask(wishes, manager) : withoutQuestions(wishes)
    if (answers === null) return 130
    const folder = targetFolder(answers.folder)
    writeProject({ folder, template: answers.template })
    const installed = answers.install && (await install(manager, folder))
    process.stdout.write(nextSteps(folder, manager, installed))
    return answers.install && !installed ? 1 : 0
  } catch (error) {
    if (!(error instanceof CreateError)) throw error
    process.stderr.write(`create-tsgi: ${error.message}\n`)
    return error.code === 'TSGI_ERR_USAGE' ? 2 : 1
  }
}

function nextSteps(folder: string, manager: string, installed: boolean): string {
  const place = relative(process.cwd(), folder)
  const run = manager === 'npm' ? 'npm run' : manager
  const commands = [
    ...(place === '' ? [] : [[`cd ${place}`, '']]),
    ...(installed ? [] : [[`${manager} install`, '']]),
    [`${run} dev`, 'http://127.0.0.1:3000/, and again after each change'],
    [`${manager} test`, ''],
    [`${run} check`, 'types, and the application against the specification'],
    [`${manager} start`, 'as in production'],
  ] as const
  const lines = commands.map(([command = '', what = '']) =>
    what === '' ? `  ${command}` : `  ${command.padEnd(16)} ${styleText('dim', what)}`,
  )
  return `\nWritten: ${place === '' ? folder : place}\n\n${lines.join('\n')}\n\n`
}
