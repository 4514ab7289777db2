/** The command: reads the command line, asks for the rest, and writes the project. */
import { HELP, readArguments } from './arguments.ts'
import { CreateError } from './create-error.ts'
import { nextSteps, SERVING, WRITING } from './next-steps.ts'
import { install, packageManager } from './package-manager.ts'
import { writeProject } from './project.ts'
import { ask, withoutQuestions } from './questions.ts'
import { isRoom, writeRoom } from './rooms.ts'
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
    const { template } = answers
    if (isRoom(template)) writeRoom(folder, template)
    else writeProject({ folder, template })
    const installed = answers.install && (await install(manager, folder))
    process.stdout.write(nextSteps(folder, manager, installed, isRoom(template) ? WRITING : SERVING))
    return answers.install && !installed ? 1 : 0
  } catch (error) {
    if (!(error instanceof CreateError)) throw error
    process.stderr.write(`create-tsgi: ${error.message}\n`)
    return error.code === 'TSGI_ERR_USAGE' ? 2 : 1
  }
}
