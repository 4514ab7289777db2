import { readFileSync } from 'node:fs'
import { dirname, isAbsolute, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Place } from './source-excerpt.ts'

/** A call on a stack. */
export interface Frame {
  /** `handler (app.ts:12:9)`: paths below the current folder are relative to it. */
  readonly text: string
  /** Absent where it is not in a file. */
  readonly place: Place | undefined
  /** Whether it is in the application's own code, and not in Node, a package, or this project. */
  readonly own: boolean
}

/** The calls on the stack of an error, innermost first. */
export function stackFrames(stack: string | undefined, cwd: string = process.cwd()): readonly Frame[] {
  const lines = (stack ?? '').split('\n').filter((line) => /^ +at /.test(line))
  return lines.map((line) => frameOf(line.trim().slice(3), cwd))
}

function frameOf(text: string, cwd: string): Frame {
  const bracket = text.indexOf(' (')
  const [before, location, after] =
    bracket >= 0 && text.endsWith(')')
      ? [text.slice(0, bracket + 2), text.slice(bracket + 2, -1), ')']
      : text.startsWith('async ')
        ? ['async ', text.slice(6), '']
        : ['', text, '']
  const [position, line, column] = /:(\d{1,9}):(\d{1,9})$/.exec(location) ?? []
  if (position === undefined) return { text, place: undefined, own: false }
  const name = location.slice(0, -position.length)
  const file = name.startsWith('file:') ? fileURLToPath(name.split('?', 1)[0] as string) : name
  if (!isAbsolute(file)) return { text, place: undefined, own: false }
  return {
    text: `${before}${formatFile(file, cwd)}${position}${after}`,
    place: { file, line: Number(line), column: Number(column) },
    own: isOwn(file),
  }
}

function isOwn(file: string): boolean {
  if (/[\\/]node_modules[\\/]/.test(file)) return false
  return !(/[\\/](?:src|dist|bin)[\\/]/.test(file) && isOfTsgi(file))
}

/**
 * Whether a file belongs to a published package of this project: in its repository they are not below `node_modules`. Asked of
 * the manifest, since a bundle does not know where it came from.
 */
function isOfTsgi(file: string): boolean {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    try {
      const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
      if (typeof manifest !== 'object' || manifest === null) return false
      const isPrivate = 'private' in manifest && manifest.private === true
      return !isPrivate && 'name' in manifest && /^(?:@tsgi\/.+|tsgi)$/.test(String(manifest.name))
    } catch {
      // None in this folder.
    }
  }
  return false
}

/** `app.ts:12`: a place below the folder is relative to it. */
export const formatPlace = ({ file, line }: Place, cwd: string = process.cwd()): string =>
  `${formatFile(file, cwd)}:${line}`

function formatFile(file: string, cwd: string): string {
  const near = relative(cwd, file)
  return near === '' || near.startsWith('..') || isAbsolute(near) ? file : near
}
