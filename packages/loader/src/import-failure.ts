import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, extname, isAbsolute, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { appFrame } from './app-frame.ts'
import { LoadError } from './load-error.ts'
import { readAsCommonJs } from './module-kind.ts'
import { formatModule } from './reference.ts'

const TSX = [
  'Node reads TypeScript by leaving out the types, and no more. The package tsx does the rest:',
  '  npm install --save-dev tsx, then add --import tsx',
]

/** Turns what `import()` rejected with into words about the application, with the remedy where one is known. */
export function whyImportFailed(error: unknown, url: string, cwd: string): LoadError {
  const name = formatModule(url, cwd)
  if (!(error instanceof Error)) return threw(error, name, cwd)
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ERR_UNKNOWN_FILE_EXTENSION':
      return unknownEnding(error, name, cwd)
    case 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX':
      return unreadable(error, [`${error.message}:`, '', ...excerpt(error, cwd), '', ...TSX])
    case 'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING':
      return unreadable(error, [`${name} imports a package that is published as TypeScript: ${error.message}`, ...TSX])
    case 'ERR_MODULE_NOT_FOUND':
    case 'MODULE_NOT_FOUND':
      return leadsNowhere(error, name, cwd)
  }
  if (!(error instanceof SyntaxError)) return threw(error, name, cwd)
  return unreadable(error, [`${name} cannot be read: ${error.message}`, '', ...syntaxFault(error, url, cwd)])
}

/** Where a syntax error is, and the remedy for those that Node's message leaves without one. */
function syntaxFault(error: Error, url: string, cwd: string): readonly string[] {
  const known = excerpt(error, cwd)
  const where = known.length > 0 ? known : checkSyntax(url, cwd)
  const file = /^(\/.+|[A-Za-z]:\\.+):\d+$/.exec((error.stack ?? '').split('\n')[0] as string)?.[1]
  const remedy = file === undefined ? [] : readAsCommonJs(error.message, file, cwd)
  if (remedy.length > 0) return [...where, '', ...remedy]
  const line = where[1]?.trim() ?? ''
  if (/^@\w/.test(line) && /invalid or unexpected token/i.test(error.message))
    return [...where, '', 'It looks like a decorator, which Node does not read.', ...TSX]
  if (error.message === "Unexpected token '<'")
    return [...where, '', 'It looks like JSX, which Node does not read.', ...TSX]
  return where
}

/** An error of the application's own code, in a line and with its place. */
export function threw(error: unknown, doing: string, cwd: string): LoadError {
  const frame = appFrame(error, cwd)
  return new LoadError(
    'TSGI_ERR_APP_THREW',
    [
      `${doing} threw while it was loading:`,
      '',
      `  ${brief(error)}`,
      ...(frame === undefined ? [] : [`  at ${frame}`]),
    ],
    error,
  )
}

const unreadable = (error: Error, lines: readonly string[]) => new LoadError('TSGI_ERR_APP_UNREADABLE', lines, error)

function unknownEnding(error: Error, name: string, cwd: string): LoadError {
  const file = / for (.+)$/.exec(error.message)?.[1]
  const ending = extname(file ?? name)
  return unreadable(error, [
    `${file === undefined ? name : formatModule(file, cwd)}: Node does not read ${ending} files.`,
    ...(ending === '.tsx' || ending === '.jsx'
      ? TSX
      : ['An application is a .ts, .js, .mts, .mjs, .cts or .cjs module.']),
  ])
}

/** An import inside the application, or inside something it imports, that finds nothing. */
function leadsNowhere(error: Error, name: string, cwd: string): LoadError {
  const found = /^Cannot find (?:package|module) '(.+?)'(?: imported from (.+)|\nRequire stack:\n- (.+))/.exec(
    error.message,
  )
  const missing = found?.[1]
  if (missing === undefined) return unreadable(error, [`${name} cannot be read: ${error.message}`])
  const importer = found?.[2] ?? found?.[3]
  const from = importer === undefined ? name : formatModule(importer, cwd)
  return unreadable(error, [
    `${from} imports ${formatModule(missing, cwd)}, which is not there.`,
    ...importLine(importer, missing, cwd),
    ...remedyForImport(missing, cwd),
  ])
}

/** The line that imports it, where one can be found. */
function importLine(importer: string | undefined, missing: string, cwd: string): readonly string[] {
  const file = importer?.startsWith('file:') ? fileURLToPath(importer) : importer
  if (file === undefined) return []
  const lines = readText(file).split(/\r?\n/)
  const isPath = isAbsolute(missing) || missing.startsWith('file:')
  const name = basename(missing.startsWith('file:') ? fileURLToPath(missing) : missing)
  const wanted = isPath ? [`${name}'`, `${name}"`] : [`'${missing}`, `"${missing}`]
  const at = lines.findIndex(
    (line) => /\b(?:import|require|from)\b/.test(line) && wanted.some((text) => line.includes(text)),
  )
  return at < 0 ? [] : ['', `  ${formatModule(file, cwd)}:${at + 1}`, `  ${(lines[at] as string).trim()}`, '']
}

function remedyForImport(missing: string, cwd: string): readonly string[] {
  if (missing.startsWith('/') || missing.startsWith('file:')) {
    const path = missing.startsWith('file:') ? fileURLToPath(missing) : missing
    const meant = ['.ts', '.js', '.mts', '.mjs', '/index.ts', '/index.js']
      .map((ending) => path.replace(/\.[cm]?js$/, '') + ending)
      .find(existsSync)
    return meant === undefined
      ? ['Check the path and the ending of the file.']
      : [
          `There is ${formatModule(meant, cwd)}: write imports with the ending that the file has, or let tsx guess (--import tsx).`,
        ]
  }
  if (/^(@|~)(\/|$)|^#/.test(missing))
    return ['It looks like a path alias of tsconfig.json, which Node does not follow.', ...TSX]
  return [
    `If it is a package:  npm install ${missing}`,
    'If it is a path alias of tsconfig.json, Node does not follow it; tsx does (--import tsx).',
  ]
}

/** The file, the line and the marked place that Node puts before a syntax error's stack, where it knows them. */
function excerpt(error: Error, cwd: string): string[] {
  const lines = (error.stack ?? '').split('\n')
  const marker = lines.findIndex((line) => /^\s*\^+\s*$/.test(line))
  if (marker < 2) return []
  const [, file, line] = /^(.+):(\d+)$/.exec(lines[0] as string) ?? []
  if (file === undefined) return []
  return [`${formatModule(file, cwd)}:${line}`, ...lines.slice(1, marker + 1)].map((text) => `  ${text}`)
}

/**
 * V8 keeps the place of an ES module's syntax error to itself; asking Node to check the file brings it out. The fault may be in
 * a module that it imports.
 */
function checkSyntax(url: string, cwd: string): string[] {
  if (!url.startsWith('file:')) return []
  for (const file of importedFiles(fileURLToPath(url))) {
    const { status, stderr } = spawnSync(process.execPath, ['--check', file], { encoding: 'utf8', timeout: 5000 })
    if (status !== 0) return excerpt(Object.assign(new Error(), { stack: stderr }), cwd)
  }
  return ['  The fault is in a module that it imports.']
}

/** Nobody waits for the check of more files than these. */
const MOST_FILES = 20

/** A file and those that it imports by relative paths, nearest first. */
function importedFiles(first: string): readonly string[] {
  const files = new Set([first])
  for (const file of files) {
    for (const [, path = ''] of readText(file).matchAll(/\b(?:from|import)\s*\(?\s*['"](\.{1,2}\/[^'"\n]+)['"]/g)) {
      const imported = resolve(dirname(file), path)
      if (files.size < MOST_FILES && existsSync(imported)) files.add(imported)
    }
  }
  return [...files]
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

function brief(error: unknown): string {
  if (!(error instanceof Error)) return `a value that is no Error: ${String(error)}`
  const text = `${error.name}: ${error.message}`
  const lines = text.split('\n')
  return lines.length > 6 ? [...lines.slice(0, 6), '…'].join('\n  ') : lines.join('\n  ')
}
