/** The questions on a real terminal, which `script` of util-linux makes. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const ENTER = '\r'
const DOWN = '\x1b[B'
const CONTROL_C = '\x03'

const hasScript = spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') === true

class Terminal {
  readonly folder = mkdtempSync(join(tmpdir(), 'create-tsgi-'))
  readonly #child: ChildProcess
  readonly #exit: Promise<unknown[]>
  #shown = ''

  constructor(args: string) {
    // Without a size, each letter would have a line of its own.
    const command = `stty cols 80 rows 24; exec '${process.execPath}' '${MAIN}' ${args}`
    const env = { ...process.env, TERM: 'xterm', CI: '', npm_config_user_agent: 'npm/11.0.0 node/v26.10.0' }
    this.#child = spawn('script', ['-qefc', command, '/dev/null'], { cwd: this.folder, env, stdio: 'pipe' })
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#shown += text
      this.#child.emit('shown')
    })
    this.#exit = once(this.#child, 'close')
    onTestFinished(async () => {
      this.#child.kill()
      await this.#exit
      rmSync(this.folder, { recursive: true })
    })
  }

  /** Types once the text is shown, behind what was shown before. */
  async answer(text: string, keys: string): Promise<void> {
    while (!this.#shown.includes(text)) await once(this.#child, 'shown')
    this.#shown = this.#shown.slice(this.#shown.indexOf(text) + text.length)
    this.#child.stdin?.write(keys)
  }

  async exit(): Promise<{ readonly code: unknown; readonly shown: string }> {
    const [code] = await this.#exit
    return { code, shown: this.#shown }
  }
}

describe.skipIf(!hasScript)('on a terminal', () => {
  it('asks for the folder, the template and the installation', async () => {
    const terminal = new Terminal('')
    await terminal.answer('Folder', ENTER)
    await terminal.answer('Template', DOWN + ENTER)
    await terminal.answer('Install the dependencies with npm?', 'n')
    expect(await terminal.exit()).toMatchObject({
      code: 0,
      shown: expect.stringMatching(/Written: my-app\r\n\r\n {2}cd my-app\r\n {2}npm install\r\n {2}npm run dev/),
    })
    const { dependencies } = JSON.parse(readFileSync(join(terminal.folder, 'my-app/package.json'), 'utf8'))
    expect(Object.keys(dependencies)).toContain('@tsgi/framework-mini')
  })

  it('asks only for what the command line leaves open', async () => {
    const terminal = new Terminal('site --no-install')
    await terminal.answer('Template', ENTER)
    expect(await terminal.exit()).toMatchObject({ code: 0, shown: expect.stringContaining('Written: site') })
  })

  it('writes nothing where the questions are cancelled', async () => {
    const terminal = new Terminal('')
    await terminal.answer('Folder', CONTROL_C)
    expect(await terminal.exit()).toMatchObject({ code: 130, shown: expect.stringContaining('Nothing was written.') })
    expect(existsSync(join(terminal.folder, 'my-app'))).toBe(false)
  })
})
