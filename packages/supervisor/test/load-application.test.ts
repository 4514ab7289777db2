import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from './harness.ts'

const LOADER = new URL('../src/worker/load-application.ts', import.meta.url)

/** Loads in a process of its own, whose working folder is `folder`. @returns what the application returns, or the error's code and message */
function load(folder: string, reference: object): string {
  const program = `
    const { loadApplication } = await import(${JSON.stringify(LOADER.href)})
    try { console.log((await loadApplication(${JSON.stringify(reference)}))()) }
    catch (error) { console.log(error.code, error.message, error.cause?.message) }`
  const args = ['--conditions=source', '--input-type=module', '--eval', program]
  return execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8' }).trim()
}

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder()
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}

describe('an application', () => {
  it('is the default export of a file, by URL, by absolute path, or from the working folder', () => {
    const folder = folderWith({ 'app.mjs': 'export default () => "loaded"' })
    for (const module of [pathToFileURL(join(folder, 'app.mjs')).href, join(folder, 'app.mjs'), './app.mjs']) {
      expect(load(folder, { module })).toBe('loaded')
    }
  })

  it('is another export where one is named, and what that makes of a config', () => {
    const folder = folderWith({ 'app.mjs': 'export const make = async ({ word }) => () => word' })
    expect(load(folder, { module: './app.mjs', export: 'make', config: { word: 'configured' } })).toBe('configured')
  })

  it('is TypeScript where it is', () => {
    const folder = folderWith({ 'app.ts': 'export default (): string => "typed"' })
    expect(load(folder, { module: './app.ts' })).toBe('typed')
  })

  it('is a package of the user’s project, with the conditions of an import', () => {
    const folder = folderWith({
      'node_modules/shop/package.json': '{ "name": "shop", "exports": { ".": { "import": "./index.mjs" } } }',
      'node_modules/shop/index.mjs': 'export default () => "a shop"',
    })
    expect(load(folder, { module: 'shop' })).toBe('a shop')
  })

  it('that is not there, or throws, or is no function, is told with the cause', () => {
    const folder = folderWith({
      'throws.mjs': 'throw new Error("thrown while loading")',
      'object.mjs': 'export default {}; export const other = 1',
      'make.mjs': 'export default () => { throw new Error("thrown while making") }',
    })
    expect(load(folder, { module: 'none' })).toMatch(/^TSGI_ERR_APP_LOAD cannot load none: Cannot find package 'none'/)
    expect(load(folder, { module: './throws.mjs' })).toBe(
      'TSGI_ERR_APP_LOAD cannot load ./throws.mjs: thrown while loading thrown while loading',
    )
    expect(load(folder, { module: './object.mjs' })).toBe(
      'TSGI_ERR_APP_LOAD ./object.mjs has no function as its export "default" (it is object); it exports default, other undefined',
    )
    expect(load(folder, { module: './make.mjs', config: 1 })).toBe(
      'TSGI_ERR_APP_LOAD cannot load the application: thrown while making thrown while making',
    )
  })
})
