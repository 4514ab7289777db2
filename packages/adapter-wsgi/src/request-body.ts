/**
 * A request body that was received whole, so that it can be read without waiting. Small ones are kept in memory, larger
 * ones in a temporary file that has no name any more: it is gone with its descriptor, however the process ends.
 */
import { randomUUID } from 'node:crypto'
import { readSync } from 'node:fs'
import { open, unlink, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { isPromise, type Awaitable, type Bytes, type Input } from '@tsgi/spec'
import { bytesPassed } from '@tsgi/exchange/body-memory'
import { GatheredBytes } from '@tsgi/spec/gathered-bytes'

const WINDOW_SIZE = 64 * 1024

export interface RequestBody {
  readonly length: number
  /** Up to `size` bytes from `position` on; fewer only at the end. */
  read(position: number, size: number): Buffer
  /** Gives back what it holds; reading after that throws. Absent where it holds nothing but memory. */
  release?(): Promise<void>
}

export interface SpillSettings {
  /** Bytes kept in memory before the body goes to a file. */
  readonly memory: number
  readonly directory: string
}

/** Reads an input to its end; without a promise where all of it is there. */
export function receiveBody(input: Input, settings: SpillSettings): Awaitable<RequestBody> {
  let gathered: GatheredBytes | null = null
  for (;;) {
    const bytes = input.read()
    if (isPromise(bytes)) return receiveRest(input, settings, gathered ?? new GatheredBytes(), bytes)
    if (bytes.length === 0) return gathered === null ? NO_BODY : memoryBody(gathered)
    gathered ??= new GatheredBytes()
    gathered.add(bytes)
    if (gathered.length > settings.memory) return spill(input, settings.directory, gathered)
  }
}

async function receiveRest(
  input: Input,
  settings: SpillSettings,
  gathered: GatheredBytes,
  next: Awaitable<Bytes>,
): Promise<RequestBody> {
  for (let bytes = await next; bytes.length > 0; bytes = await input.read()) {
    gathered.add(bytes)
    if (gathered.length > settings.memory) return spill(input, settings.directory, gathered)
  }
  return memoryBody(gathered)
}

async function spill(input: Input, directory: string, gathered: GatheredBytes): Promise<RequestBody> {
  const path = join(directory, `tsgi-body-${randomUUID()}`)
  const file = await open(path, 'wx+', 0o600)
  try {
    await unlink(path)
    let length = await writeAll(file, gathered.take(), 0)
    for (let bytes = await input.read(); bytes.length > 0; bytes = await input.read()) {
      length += await writeAll(file, bytes, length)
    }
    return new FileBody(file, length)
  } catch (error) {
    await file.close()
    throw error
  }
}

async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<number> {
  for (let done = 0; done < bytes.length;) {
    done += (await file.write(bytes, done, bytes.length - done, position + done)).bytesWritten
  }
  return bytes.length
}

function memoryBody(gathered: GatheredBytes): MemoryBody {
  const { buffer } = gathered.take()
  return new MemoryBody(Buffer.from(buffer))
}

class MemoryBody implements RequestBody {
  readonly #bytes: Buffer

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  get length(): number {
    return this.#bytes.length
  }

  read(position: number, size: number): Buffer {
    return this.#bytes.subarray(position, position + size)
  }
}

class FileBody implements RequestBody {
  readonly length: number
  readonly #file: FileHandle
  #released = false
  #window: Buffer = Buffer.alloc(0)
  #windowStart = 0

  constructor(file: FileHandle, length: number) {
    this.#file = file
    this.length = length
  }

  read(position: number, size: number): Buffer {
    if (this.#released) throw new Error('wsgi.input was read after the response had ended; read it before')
    const length = Math.max(0, Math.min(size, this.length - position))
    if (length >= WINDOW_SIZE) return this.#readFile(position, length)
    // Lines are short: a system call for each would be most of their cost.
    if (position < this.#windowStart || position + length > this.#windowStart + this.#window.length) {
      this.#window = this.#readFile(position, Math.min(WINDOW_SIZE, this.length - position))
      this.#windowStart = position
    }
    return this.#window.subarray(position - this.#windowStart, position - this.#windowStart + length)
  }

  #readFile(position: number, length: number): Buffer {
    bytesPassed(length)
    const bytes = Buffer.allocUnsafeSlow(length)
    for (let done = 0; done < length;) {
      const count = readSync(this.#file.fd, bytes, done, length - done, position + done)
      if (count === 0) throw new Error(`the file of a request body ends at ${position + done} of ${this.length} bytes`)
      done += count
    }
    return bytes
  }

  release(): Promise<void> {
    this.#released = true
    return this.#file.close()
  }
}

const NO_BODY: RequestBody = new MemoryBody(Buffer.alloc(0))
