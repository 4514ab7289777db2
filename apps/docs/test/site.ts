/** The site, built by VitePress and served by the command. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { writePages } from '../src/write-pages.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** @param folder where the files of the site are written */
export async function buildSite(folder: string): Promise<void> {
  writePages()
  const vitepress = fileURLToPath(new URL('../node_modules/vitepress/bin/vitepress.js', import.meta.url))
  // In a process of its own, where Vue is that of production.
  await promisify(execFile)(process.execPath, [vitepress, 'build', ROOT, '--outDir', folder], {
    env: { ...process.env, NODE_ENV: 'production', VITEST: undefined },
  })
}

export interface Served extends AsyncDisposable {
  /** With a slash at its end. */
  readonly url: string
}

/** `tsgi serve --static` over a folder, on a free port. */
export async function serveStatic(folder: string): Promise<Served> {
  const command = fileURLToPath(new URL('../node_modules/tsgi/bin/tsgi.js', import.meta.url))
  const child = spawn(process.execPath, [command, 'serve', '--static', folder, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(child, 'close')
  let output = ''
  const url = await new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
        const found = /http:\/\/127\.0\.0\.1:\d+\//.exec(output)?.[0]
        if (found !== undefined) resolve(found)
      })
    }
    void ended.then(() => reject(new Error(`tsgi serve ended:\n${output}`)))
  })
  return {
    url,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      await ended
    },
  }
}
