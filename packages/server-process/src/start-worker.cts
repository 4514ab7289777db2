/**
 * What a process runs: the worker in one file, as the build makes it, and as an earlier process compiled it, where one has.
 *
 * CommonJS: an ES module that imports one of Node's modules has all its names read, and so what is behind them loaded. And by
 * hand: the runtime's cache keeps what was compiled before a program ran, which leaves out most of its functions. Both are
 * told with figures in `decisions/0001`.
 */
const { closeSync, readFileSync, readSync }: typeof import('node:fs') = require('node:fs')
const { enableCompileCache }: typeof import('node:module') = require('node:module')
const { Script }: typeof import('node:vm') = require('node:vm')

type Run = (require: NodeJS.Require, exports: { run?: typeof import('./worker.ts').run }) => void

const [descriptor, size] = process.argv.slice(3).map(Number)
const filename = `${__dirname}/worker.bundle.cjs`
const source = `(function (require, exports) {${readFileSync(filename, 'utf8')}\n})`
const script = new Script(source, { filename, cachedData: compiledBefore() })
const exported: Parameters<Run>[1] = {}
const define: Run = script.runInThisContext()
define(require, exported)
// For the application.
enableCompileCache()
exported.run?.({
  importModule: (specifier) => import(specifier),
  compiledCode: () => script.createCachedData().toString('base64'),
})

function compiledBefore(): Buffer | undefined {
  if (descriptor === undefined || size === undefined) return undefined
  try {
    const code = Buffer.allocUnsafeSlow(size)
    return readSync(descriptor, code, 0, size, 0) === size ? code : undefined
  } catch {
    return undefined
  } finally {
    closeSync(descriptor)
  }
}
