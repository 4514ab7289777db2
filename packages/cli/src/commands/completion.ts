import { UsageError } from '../usage-error.ts'
import { defineCommand, type TsgiCommand } from './command.ts'

export const completion: TsgiCommand = defineCommand({
  name: 'completion',
  summary: 'Print what makes a shell complete commands and options: source <(tsgi completion bash)',
  arguments: [['<shell>', 'bash, zsh or fish']],
  async run([shell]: readonly [string], _options: object, terminal) {
    const { completionScript, SHELLS } = await import('../completion/completion.ts')
    const { buildProgram } = await import('../program.ts')
    const known = SHELLS.find((name) => name === shell)
    if (known === undefined) throw new UsageError([`tsgi completion ${shell}: expected bash, zsh or fish.`])
    terminal.out(
      completionScript(
        buildProgram(terminal, () => {}),
        known,
      ),
    )
    return 0
  },
})
