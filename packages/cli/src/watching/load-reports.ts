import { closeSync, mkdtempSync, openSync, readSync, rmSync, watch, writeFileSync, type FSWatcher } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Where serving processes report what they load: a file, because they may be children's children, of any number, and one that
 * fails at once is to be heard as well.
 */
export class LoadReports implements Disposable {
  readonly file: string
  readonly #folder: string = mkdtempSync(join(tmpdir(), 'tsgi-watch-'))
  readonly #tell: (path: string) => void
  readonly #watcher: FSWatcher
  #offset = 0

  /** @param tell is given each path that is reported */
  constructor(tell: (path: string) => void) {
    this.file = join(this.#folder, 'loaded')
    this.#tell = tell
    writeFileSync(this.file, '')
    this.#watcher = watch(this.file, () => this.read()).on('error', () => {})
  }

  /** Tells what has come since. */
  read(): void {
    const fd = openSync(this.file, 'r')
    const chunk = Buffer.alloc(65_536)
    try {
      for (let size = readSync(fd, chunk, 0, chunk.length, this.#offset); size > 0;) {
        // A line is written at once, so what has no end yet is only cut off by the buffer.
        const end = chunk.subarray(0, size).lastIndexOf('\n') + 1
        if (end === 0) return
        this.#offset += end
        for (const line of chunk.toString('utf8', 0, end - 1).split('\n')) this.#tell(JSON.parse(line) as string)
        size = readSync(fd, chunk, 0, chunk.length, this.#offset)
      }
    } finally {
      closeSync(fd)
    }
  }

  [Symbol.dispose](): void {
    this.#watcher.close()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
