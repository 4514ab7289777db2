/** Why Node read a module as CommonJS that is written as an ES module, and what to do about it. */
import { readFileSync } from 'node:fs'
import { dirname, extname, join, parse } from 'node:path'
import { formatModule } from './reference.ts'

/** What V8 says of ES module syntax in a CommonJS module. */
const MODULE_SYNTAX =
  /^(?:Unexpected token 'export'|Cannot use import statement outside a module|Cannot use 'import\.meta' outside a module|await is only valid in async functions and the top level bodies of modules)$/

/**
 * The remedy for a syntax error that only says that a file was not read as an ES module; nothing for any other error.
 *
 * @param file absolute path of the file in which the error is
 */
export function readAsCommonJs(message: string, file: string, cwd: string): readonly string[] {
  if (!MODULE_SYNTAX.test(message)) return []
  const name = formatModule(file, cwd)
  if (/[\\/]node_modules[\\/]/.test(file))
    return [
      `${name} belongs to a package that is written as an ES module and published as CommonJS.`,
      'Update it, or add --import tsx.',
    ]
  const ending = extname(file)
  const asModule = `${parse(file).name}${ending.replace(/^\.c?/, '.m')}`
  if (ending === '.cjs' || ending === '.cts')
    return [`It is written as an ES module, and Node reads ${ending} files as CommonJS. Name it ${asModule}`]
  const manifest = commonJsManifest(file)
  const cause =
    manifest === undefined
      ? 'Node reads it as CommonJS'
      : `Node reads it as CommonJS, because of "type": "commonjs" in ${formatModule(manifest, cwd)}`
  return [
    `It is written as an ES module. ${cause}. One of these helps:`,
    `  write "type": "module" in ${manifest === undefined ? 'package.json' : formatModule(manifest, cwd)}`,
    `  name the file ${asModule}`,
    '  npm install --save-dev tsx, then add --import tsx',
  ]
}

/** The package.json that makes a file CommonJS; `undefined` where none says so. */
function commonJsManifest(file: string): string | undefined {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json')
    try {
      const text: unknown = JSON.parse(readFileSync(manifest, 'utf8'))
      const type = typeof text === 'object' && text !== null && 'type' in text ? text.type : undefined
      return type === 'commonjs' ? manifest : undefined
    } catch {
      // None here, or none that can be read: Node looks above as well.
    }
    if (folder === dirname(folder)) return undefined
  }
}
