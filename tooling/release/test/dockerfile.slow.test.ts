/** The steps of deploy/Dockerfile on the packed packages, and its command as a user who may write nowhere. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, copyFileSync, globSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '@tsgi/free-port'
import { describe, expect, onTestFinished, test } from 'vitest'
import { buildImage, type Image } from '../src/dockerfile.ts'
import { runAsNewcomer } from '../src/newcomer.ts'
import { DOCKERFILE, IGNORED } from './dockerfile-setup.ts'
import { folderForAll } from './harness.ts'
import { LIMIT, newcomers } from './newcomers.ts'

const newcomer = newcomers()

/** The user `nobody`; only root can become another one. */
const OTHER = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}

const APPLICATION = `import { mini } from '@tsgi/framework-mini'
const app = mini()
app.get('/', () => 'uid ' + process.getuid())
export default app
`

/** Starts the command of the image with ports of this test. */
async function start(image: Image, folder: string): Promise<{ url: string; metrics: string; stop(): Promise<number> }> {
  const ports = new Map<number, number>()
  for (const port of image.ports) ports.set(port, await freePort())
  const [program, ...args] = image.command.map((argument) =>
    argument.replace(/0\.0\.0\.0:(\d+)/, (_, port: string) => `127.0.0.1:${ports.get(Number(port))}`),
  )
  expect(program).toBe('node')
  const child = spawn(join(folder, 'node'), args, {
    ...OTHER,
    cwd: join(image.root, image.workdir),
    env: { ...image.env, PATH: '/usr/bin:/bin', TMPDIR: join(folder, 'none') },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exit = once(child, 'close').then(([code]) => code as number)
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await exit
  })
  let output = ''
  const listens = new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
        if (output.includes('listening on')) resolve()
      })
    }
    void exit.then(() => reject(new Error(`it ended: ${output}`)), reject)
  })
  await listens
  const [site, metrics] = [...ports.values()].map((port) => `http://127.0.0.1:${port}`)
  return {
    url: `${site}/`,
    metrics: `${metrics}/`,
    stop: async () => {
      child.kill('SIGTERM')
      return exit
    },
  }
}

describe('deploy/Dockerfile', () => {
  test('makes an image that serves as another user than root, and writes nowhere', { timeout: LIMIT }, async () => {
    const folder = folderForAll('tsgi-image-')
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const npm = newcomer('current', 'npm')
    const context = join(folder, 'context')
    mkdirSync(context)
    writeFileSync(join(context, 'app.ts'), APPLICATION)
    writeFileSync(join(context, 'package.json'), '{"private":true,"type":"module"}')
    await runAsNewcomer('npm install tsgi @tsgi/framework-mini', context, npm)
    const image = await buildImage(DOCKERFILE, {
      context,
      ignored: IGNORED,
      folder,
      run: (line, place) => runAsNewcomer(line, place, npm),
    })
    copyFileSync(process.execPath, join(folder, 'node'))
    chmodSync(join(folder, 'node'), 0o755)
    const files = (): readonly string[] => globSync('**', { cwd: image.root }).sort()
    const before = files()
    const server = await start(image, folder)
    expect(await (await fetch(server.url)).text()).toBe(`uid ${OTHER.uid ?? process.getuid?.()}`)
    for (const path of ['healthz', 'readyz']) expect((await fetch(server.metrics + path)).status).toBe(200)
    const stopped = server.stop()
    // For as long as --shutdown-delay it answers, and says that it leaves.
    while ((await fetch(`${server.metrics}readyz`)).status !== 503);
    expect((await fetch(server.url)).status).toBe(200)
    expect(await stopped).toBe(0)
    expect(files()).toEqual(before)
  })
})
