/** The quick part of dockerfile.slow.test.ts: the steps, without what npm does. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Build, buildImage } from '../src/dockerfile.ts'
import { DOCKERFILE, IGNORED } from './dockerfile-setup.ts'

/** A build that notes its lines of shell, of a site with these files. */
function noted(): Build & { readonly lines: string[] } {
  const folder = mkdtempSync(join(tmpdir(), 'tsgi-image-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const context = join(folder, 'context')
  mkdirSync(join(context, 'node_modules'), { recursive: true })
  for (const name of ['package.json', 'package-lock.json', 'app.ts', '.env', 'node_modules/own.js']) {
    writeFileSync(join(context, name), name)
  }
  const lines: string[] = []
  return {
    context,
    ignored: IGNORED,
    folder,
    lines,
    run: async (line, place) => {
      lines.push(line)
      mkdirSync(join(place, 'node_modules'))
    },
  }
}

describe('deploy/Dockerfile', () => {
  test('makes an image with the site, its packages and no secrets, that root does not run', async () => {
    const build = noted()
    const image = await buildImage(DOCKERFILE, build)
    expect(build.lines).toEqual(['npm ci --omit=dev --ignore-scripts'])
    const site = join(image.root, image.workdir)
    expect(readFileSync(join(site, 'app.ts'), 'utf8')).toBe('app.ts')
    expect(existsSync(join(site, 'node_modules'))).toBe(true)
    expect(existsSync(join(site, 'node_modules/own.js'))).toBe(false)
    expect(existsSync(join(site, '.env'))).toBe(false)
    expect(image.user).toBe('node')
    expect(image.command.filter((argument) => argument.includes(':'))).toEqual(
      image.ports.map((port) => expect.stringContaining(`0.0.0.0:${port}`)),
    )
  })

  test('is refused where it has a step that the test would leave out', async () => {
    await expect(buildImage(`${DOCKERFILE}\nVOLUME /data\n`, noted())).rejects.toThrow('got VOLUME')
    await expect(buildImage(DOCKERFILE.replace('--from=build', '--from=other'), noted())).rejects.toThrow('got other')
  })
})
