import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

export interface Folder extends Disposable {
  readonly path: string
  /** Writes a file, with the folders it needs, and gives its path. */
  write(name: string, content: string | Uint8Array): string
}

/** A folder of its own, removed at the end. */
export function temporaryFolder(files: Readonly<Record<string, string | Uint8Array>> = {}): Folder {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'tsgi-static-')))
  const write = (name: string, content: string | Uint8Array): string => {
    const file = join(path, name)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, content)
    return file
  }
  for (const [name, content] of Object.entries(files)) write(name, content)
  return { path, write, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}
