import { describe, expect, it } from 'vitest'
import { COMMANDS } from './commands/all.ts'
import { readCommandLine, type Invocation } from './program.ts'
import { version } from './version.ts'

function read(...argv: readonly string[]): { out: string; error: string; invocation: Invocation } {
  let [out, error] = ['', '']
  const invocation = readCommandLine(argv, { out: (text) => (out += text), error: (text) => (error += text) })
  return { out, error, invocation }
}

describe('the command line', () => {
  it.each([['--version'], ['-v'], ['-V'], ['version']])('%s prints the version', (word) => {
    expect(read(word)).toMatchObject({ out: `${version}\n`, invocation: { command: null, exitCode: 0 } })
  })

  it('help is --help, of the command that follows it', () => {
    expect(read('help').out).toBe(read('--help').out)
    expect(read('help', 'fetch').out).toBe(read('fetch', '--help').out)
    expect(read('help', 'fetch').out).toContain('Usage: tsgi fetch')
  })

  it('leaves -v to tsgi fetch, where it means verbose', () => {
    expect(read('fetch', 'app.ts', '/', '-v').invocation).toMatchObject({ options: { verbose: true } })
  })

  it.each([
    ['fetch', ['app.ts'], "missing required argument 'path'"],
    ['scale', [], "missing required argument 'n'"],
    ['serve', ['--prot', '1'], "unknown option '--prot'"],
    ['conform', ['--levle', '1'], "unknown option '--levle'"],
  ])('names the help of tsgi %s after a mistake', (command, args, complaint) => {
    const { error, invocation } = read(command, ...args)
    expect(error).toContain(complaint)
    expect(error).toContain(`tsgi ${command} --help shows what there is.`)
    expect(invocation).toEqual({ command: null, exitCode: 2 })
  })

  it('has the options of development for tsgi dev alone', () => {
    expect(read('dev', 'app.ts', '--open', '--no-live-reload').invocation).toMatchObject({
      options: { open: true, liveReload: false },
    })
    expect(read('serve', 'app.ts', '--open').error).toContain("unknown option '--open'")
  })

  it.each(COMMANDS.map((command) => [command.name, command] as const))(
    'knows tsgi %s from one value',
    (name, command) => {
      const [usage = ''] = read(name, '--help').out.split('\n')
      expect(usage).toContain(`Usage: tsgi ${name}`)
      for (const [syntax] of command.arguments ?? []) expect(usage).toContain(syntax)
      for (const { long } of command.options ?? []) expect(read(name, '--help').out).toContain(long)
      expect(read('--help').out).toContain(name)
    },
  )
})
