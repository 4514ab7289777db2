/**
 * What is known of a request's body before a worker is asked. A short one is received first, so that a slow client holds no
 * lane. A long one is read when the application reads it, so that an early refusal costs no upload. One whose length is not
 * declared is received first, since CGI's variables have no other way to say that there is one.
 */
import { randomUUID } from 'node:crypto'
import { open, unlink, type FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isPromise, type Awaitable, type Bytes, type Environ, type HeaderList, type Input } from '@tsgi/spec'

/** Bytes of a body that travel with the request itself. */
export const INLINE_LIMIT: number = 64 * 1024

/** A body that is read when the worker asks for it. */
export interface BodySource {
  /** Where it was received already; else the request's own field says. */
  readonly length: number | undefined
  /** Up to `size` bytes, none at the end. */
  read(size: number): Awaitable<Uint8Array>
  /** Absent where it holds nothing. */
  release?(): Promise<void>
}

/** `null` where there is none, bytes where all of it is there. */
export type RequestBody = null | Uint8Array | BodySource

/** The body of a request; without a promise where there is none. */
export function receiveBody({ headers, input }: Environ): Awaitable<RequestBody> {
  const framing = framingOf(headers)
  switch (framing.kind) {
    case 'none':
      return null
    case 'declared':
      if (framing.length > INLINE_LIMIT || framing.expects)
        return { length: undefined, read: (size) => input.read(size) }
      return receive(input)
    case 'unknown':
      return receive(input)
  }
}

type Framing =
  | { readonly kind: 'none' | 'unknown' }
  | { readonly kind: 'declared'; readonly length: number; readonly expects: boolean }

const NONE: Framing = { kind: 'none' }

function framingOf(headers: HeaderList): Framing {
  let length = 0
  let expects = false
  for (let i = 0; i < headers.length; i += 2) {
    switch (headers[i]) {
      case 'transfer-encoding':
        return { kind: 'unknown' }
      case 'content-length':
        length = Number(headers[i + 1])
        break
      case 'expect':
        expects = true
        break
    }
  }
  return length === 0 ? NONE : { kind: 'declared', length, expects }
}

async function receive(input: Input): Promise<RequestBody> {
  const chunks: Bytes[] = []
  let length = 0
  for (;;) {
    const read = input.read()
    const bytes = isPromise(read) ? await read : read
    if (bytes.length === 0) return chunks.length === 1 ? (chunks[0] as Bytes) : Buffer.concat(chunks, length)
    chunks.push(bytes)
    length += bytes.length
    if (length > INLINE_LIMIT) return spill(input, chunks)
  }
}

/** Puts what there is and what follows in a file that has no name, so that it is gone with this process. */
async function spill(input: Input, received: readonly Bytes[]): Promise<BodySource> {
  const path = join(tmpdir(), `tsgi-body-${randomUUID()}`)
  const file = await open(path, 'wx+', 0o600)
  try {
    await unlink(path)
    let length = await writeAll(file, Buffer.concat(received), 0)
    for (let bytes = await input.read(); bytes.length > 0; bytes = await input.read()) {
      length += await writeAll(file, bytes, length)
    }
    return fileSource(file, length)
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

function fileSource(file: FileHandle, length: number): BodySource {
  let position = 0
  return {
    length,
    async read(size) {
      const bytes = Buffer.allocUnsafe(Math.min(size, length - position))
      const { bytesRead } = await file.read(bytes, 0, bytes.length, position)
      position += bytesRead
      return bytes.subarray(0, bytesRead)
    },
    release: () => file.close(),
  }
}
