/**
 * `multipart/form-data` (RFC 7578) as a pull: the source is read only when the caller asks for the next part or for more
 * of a file. The library parses; where it would cut a value at a limit, this fails.
 */
import { Busboy, type BusboyFileStream, type BusboyInstance } from '@fastify/busboy'
import { GatheredBytes } from '@tsgi/spec/gathered-bytes'
import { boundaryOf } from './form-boundary.ts'
import type { ByteSource } from './form-bytes.ts'
import { DelimiterCount } from './form-delimiters.ts'
import { FormError } from './form-error.ts'
import { formLimits, type FormLimits } from './form-limits.ts'

export type FormPart = FormField | FormFile

export interface FormField {
  readonly kind: 'field'
  readonly name: string
  readonly value: string
}

export interface FormFile {
  readonly kind: 'file'
  readonly name: string
  /** As the client says, without folders; empty where the input was left empty. Never use it as a path. */
  readonly filename: string
  /** Media type as the client says, lower-case; believe nothing. */
  readonly type: string
  /** Read it before asking for the next part: what is left of it by then is dropped. */
  readonly content: AsyncIterable<Uint8Array>
}

/**
 * The parts of a form in their order, each as soon as it has come.
 *
 * @param contentType the whole field: it names the boundary
 * @throws FormError from the iteration, or from that of a file's `content`
 * @example
 * for await (const part of readMultipart(environ.input, header(environ, 'content-type') ?? '')) {
 *   if (part.kind === 'file') await writeFile(join(folder, randomUUID()), part.content)
 * }
 */
export function readMultipart(
  source: ByteSource,
  contentType: string,
  limits: Partial<FormLimits> = {},
): AsyncGenerator<FormPart, void, void> {
  return new MultipartReader(source, contentType, formLimits(limits)).parts()
}

class MultipartReader {
  readonly #source: AsyncIterator<Uint8Array>
  readonly #parser: BusboyInstance
  readonly #limits: FormLimits
  readonly #delimiters: DelimiterCount
  readonly #parsed: (FormField | OpenFile)[] = []
  /** Parts that the library passed on. */
  #known = 0
  #fieldsSize = 0
  #feeding: Promise<boolean> | undefined
  #finished = false
  #failure: FormError | undefined
  #wake: () => void = () => {}

  constructor(source: ByteSource, contentType: string, limits: FormLimits) {
    this.#limits = limits
    const boundary = boundaryOf(contentType)
    this.#delimiters = new DelimiterCount(boundary)
    this.#parser = newParser(boundary, limits)
    this.#source = source[Symbol.asyncIterator]()
    this.#parser
      .on('field', (name, value, _, truncated) => this.#field(name, value, truncated))
      .on('file', (name, stream, filename, _, type) => this.#file(name, stream, filename, type))
      .on('fieldsLimit', () => this.#tooLarge(`at most ${limits.maxFields} fields`))
      .on('filesLimit', () => this.#tooLarge(`at most ${limits.maxFiles} files`))
      .on('error', (error) => this.#fail(new FormError(400, 'the multipart form is malformed or cut short', error)))
      .on('finish', () => {
        this.#finished = true
        if (this.#known < this.#delimiters.parts) this.#nameless()
        this.#wake()
      })
  }

  async *parts(): AsyncGenerator<FormPart, void, void> {
    try {
      for (;;) {
        const part = this.#parsed.shift()
        if (part === undefined) {
          if (!(await this.#more())) return
        } else {
          yield part
          if (part.kind === 'file') part.drop()
        }
      }
    } finally {
      await this.#source.return?.()
    }
  }

  /** Brings one more chunk to the parser; false when there is no more. */
  #more(): Promise<boolean> {
    this.#feeding ??= this.#feed().finally(() => (this.#feeding = undefined))
    return this.#feeding
  }

  async #feed(): Promise<boolean> {
    if (this.#failure !== undefined) throw this.#failure
    if (this.#finished) return false
    const { done, value } = await this.#source.next()
    await new Promise<void>((resolve) => {
      this.#wake = resolve
      // Without a callback `end` is over when the parser emits finish or error, and both wake.
      if (done) this.#parser.end()
      else {
        this.#delimiters.add(value)
        this.#parser.write(value, () => resolve())
      }
    })
    if (this.#failure !== undefined) throw this.#failure
    return true
  }

  #field(name: string | undefined, value: string, truncated: boolean): void {
    this.#known += 1
    if (name === undefined) return this.#nameless()
    this.#fieldsSize += Buffer.byteLength(name) + Buffer.byteLength(value)
    if (truncated || this.#fieldsSize > this.#limits.maxFieldsSize) {
      return this.#tooLarge(`at most ${this.#limits.maxFieldsSize} bytes of fields`)
    }
    this.#parsed.push({ kind: 'field', name, value })
  }

  #file(name: string | undefined, stream: BusboyFileStream, filename: string, type: string): void {
    this.#known += 1
    // The stream needs its listeners all the same.
    if (name === undefined) this.#nameless()
    stream.on('limit', () => this.#tooLarge(`files of at most ${this.#limits.maxFileSize} bytes`))
    this.#parsed.push(new OpenFile({ name: name ?? '', filename, type }, stream, () => this.#more()))
  }

  #nameless(): void {
    this.#fail(
      new FormError(
        400,
        'each part of a form was expected to have a content-disposition of form-data with a name, and one has none (RFC 7578 §4.2)',
      ),
    )
  }

  #tooLarge(expected: string): void {
    this.#fail(new FormError(413, `a form with ${expected} was expected, and more came`))
  }

  #fail(error: FormError): void {
    this.#failure ??= error
    this.#wake()
  }
}

class OpenFile implements FormFile {
  readonly kind = 'file'
  readonly name: string
  readonly filename: string
  readonly type: string
  readonly content: AsyncIterable<Uint8Array>
  /** What was received and not read yet. */
  readonly #received = new GatheredBytes()
  #ended = false
  #dropped = false

  constructor(
    head: Pick<FormFile, 'name' | 'filename' | 'type'>,
    stream: BusboyFileStream,
    more: () => Promise<boolean>,
  ) {
    this.name = head.name
    this.filename = head.filename
    this.type = head.type
    this.content = this.#read(more)
    stream
      .on('data', (chunk: Uint8Array) => {
        if (!this.#dropped) this.#received.add(chunk)
      })
      .on('end', () => (this.#ended = true))
      // The parser reports the same error for the whole form.
      .on('error', () => {})
  }

  drop(): void {
    this.#dropped = true
    this.#received.take()
  }

  async *#read(more: () => Promise<boolean>): AsyncGenerator<Uint8Array, void, void> {
    for (;;) {
      if (this.#dropped) throw new Error(`file "${this.filename}": read its content before asking for the next part`)
      if (this.#received.length > 0) yield this.#received.take()
      else if (this.#ended) return
      else await more()
    }
  }
}

function newParser(boundary: string, limits: FormLimits): BusboyInstance {
  return new Busboy({
    headers: { 'content-type': `multipart/form-data; boundary="${boundary}"` },
    isPartAFile: (_name, _type, filename) => filename !== undefined,
    limits: {
      fields: limits.maxFields,
      fieldSize: limits.maxFieldsSize,
      files: limits.maxFiles,
      fileSize: limits.maxFileSize,
      headerPairs: 100,
      headerSize: 16 * 1024,
    },
  })
}
