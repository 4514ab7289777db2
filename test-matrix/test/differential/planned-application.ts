/** A plan as an application, which notes what happens to it. */
import type { Application, Body, BodyWriter, Chunk, Environ, HeaderList, StartResponse } from '@tsgi/spec'
import type { HeadCall, Plan, PlannedChunk, Step, Thrown } from './plan.ts'

/** One request to a planned application. */
export class Performance {
  /** What the server does with the application, in order. */
  readonly events: string[] = []
  /** What became of the application's own calls, some of them when the response was over. */
  readonly calls: string[] = []
  readonly finished = Promise.withResolvers<void>()
  /** The client is to leave. */
  readonly left = Promise.withResolvers<void>()
  hasLeft = false
  /** Left before there was a body: then it may be closed before or after the response is reported to be over. */
  leftEarly = false
  readonly #plan: Plan
  readonly #total: number
  #environ!: Environ
  #start!: StartResponse
  #refused = false
  /** What the application is still doing. */
  #work: Promise<unknown> = Promise.resolve()

  constructor(plan: Plan) {
    this.#plan = plan
    this.#total = Buffer.concat(plan.body.flatMap((step) => bytesOf(step))).length
  }

  get method(): string {
    return this.#plan.method
  }

  readonly application: Application = (environ, startResponse) => {
    this.#environ = environ
    this.#start = startResponse
    environ.server.onFinish((...args) => {
      this.events.push(args.length === 0 ? 'finish' : `finish ${described(args[0])}`)
      this.finished.resolve()
    })
    if (!this.#plan.later) {
      for (const step of this.#plan.before) this.#now(step)
      return this.#body()
    }
    return this.#track(async () => {
      for (const step of this.#plan.before) await this.#inTime(step, true)
      return this.#body()
    })
  }

  /** The application does nothing more. */
  async atRest(): Promise<void> {
    await this.finished.promise
    await this.#work.catch(() => {})
    for (let i = 0; i < 3; i++) await turn()
  }

  #track<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = work()
    this.#work = result
    return result
  }

  /** A step that does not wait. */
  #now(step: Step): void {
    const { server } = this.#environ
    switch (step.do) {
      case 'start':
        return this.#startWith(step.head)
      case 'flush':
        return server.flush()
      case 'throw':
        throw errorOf(step.what)
      case 'trailers':
        server.trailers?.(() => {
          if (step.fields === 'throws') throw new Error('planned')
          return step.fields.flat()
        })
        return
      case 'hints':
        try {
          server.earlyHints?.(step.fields.flat())
        } catch (error) {
          this.calls.push(`hints ${described(error)}`)
        }
        return
      case 'chunk':
      case 'wait':
      case 'leave':
    }
  }

  async #inTime(step: Step, early: boolean): Promise<void> {
    if (step.do === 'wait') return await turn()
    if (step.do === 'leave') return await this.#leave(early)
    this.#now(step)
  }

  async #leave(early: boolean): Promise<void> {
    // Whether a client that leaves has a response that is over is a matter of time, and so no subject of these tests.
    if (this.hasLeft || this.#refused || !mayLeave(this.#plan)) return
    this.hasLeft = true
    this.leftEarly = early
    const { signal } = this.#environ.server
    const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
    signal.addEventListener('abort', () => this.events.push(`abort ${described(signal.reason)}`), { once: true })
    this.left.resolve()
    await Promise.race([aborted, this.finished.promise])
  }

  #startWith({ status, fields, odd, replacing, caught }: HeadCall): void {
    const list = fields.flatMap(([name, value]) => [
      name,
      typeof value === 'string' ? value : `${value.zeros ? '00' : ''}${Math.max(0, this.#total + value.more)}`,
    ])
    const headers: HeaderList = odd ? list.slice(0, -1) : list
    try {
      if (replacing) this.#start(status, headers, new Error('planned'))
      else this.#start(status, headers)
    } catch (error) {
      this.calls.push(`start ${described(error)}`)
      this.#refused = true
      if (!caught) throw error
    }
  }

  // The body

  #body(): Body {
    const { kind, body } = this.#plan
    const chunks = body.flatMap((step) => (step.do === 'chunk' ? [chunkOf(step.chunk)] : []))
    switch (kind) {
      case 'null':
        return null
      case 'undefined':
        return undefined as never
      case 'number':
        return 5 as never
      case 'string':
        return chunks.filter((chunk) => typeof chunk === 'string').join('')
      case 'bytes':
        return Buffer.concat(body.flatMap((step) => bytesOf(step)))
      case 'array':
        return chunks
      case 'sync':
        return this.#closable({ [Symbol.iterator]: () => this.#iterator(this.#syncSteps()) })
      case 'async':
        return this.#closable({ [Symbol.asyncIterator]: () => this.#iterator(this.#asyncSteps()) as never })
      case 'function':
        return this.#closable((out: BodyWriter) => this.#track(() => this.#push(out)))
    }
  }

  #closable<Value extends object>(body: Value): Value {
    const { closes } = this.#plan
    if (closes === 'absent') return body
    return Object.assign(body, {
      close: () => {
        this.events.push('close')
        if (closes === 'throws') throw new Error('planned')
      },
    })
  }

  /** Not the generator's own `return`, which waits behind a `next`. */
  #iterator(steps: Generator<Chunk> | AsyncGenerator<Chunk>): Iterator<Chunk> {
    const { returns } = this.#plan
    const next = (): never => {
      this.events.push('pull')
      return steps.next() as never
    }
    if (returns === 'absent') return { next }
    return {
      next,
      return: () => {
        this.events.push('return')
        if (returns === 'throws') throw new Error('planned')
        return { done: true, value: undefined }
      },
    }
  }

  *#syncSteps(): Generator<Chunk> {
    for (const step of this.#plan.body) {
      if (step.do === 'chunk') yield chunkOf(step.chunk)
      else this.#now(step)
    }
  }

  async *#asyncSteps(): AsyncGenerator<Chunk> {
    for (const step of this.#plan.body) {
      if (step.do === 'chunk') yield chunkOf(step.chunk)
      else await this.#inTime(step, false)
    }
  }

  async #push(out: BodyWriter): Promise<void> {
    for (const step of this.#plan.body) {
      if (step.do === 'chunk' || step.do === 'flush') {
        try {
          await (step.do === 'flush' ? out.flush() : out.write(chunkOf(step.chunk)))
          this.calls.push('ok')
        } catch (error) {
          this.calls.push(described(error))
          this.#refused = true
        }
      } else await this.#inTime(step, false)
    }
  }
}

const WITHOUT_BODY = [204, 205, 304]

/** A response without a body may be over at any moment. */
function mayLeave({ method, before, body, kind }: Plan): boolean {
  const statuses = [...before, ...body].flatMap((step) => (step.do === 'start' ? [step.head.status] : []))
  return method !== 'HEAD' && kind !== 'sync' && !statuses.some((status) => WITHOUT_BODY.includes(status))
}

const chunkOf = (chunk: PlannedChunk): Chunk =>
  typeof chunk === 'object' && chunk !== null ? Buffer.from(chunk.bytes, 'latin1') : (chunk as Chunk)

function bytesOf(step: Step): Buffer[] {
  if (step.do !== 'chunk') return []
  const chunk: unknown = chunkOf(step.chunk)
  if (typeof chunk === 'string') return [Buffer.from(chunk)]
  return chunk instanceof Uint8Array ? [Buffer.from(chunk)] : []
}

function errorOf(what: Thrown): unknown {
  switch (what) {
    case 'error':
      return new Error('planned')
    case 'undefined':
      return undefined
    case 'null':
      return null
    case '413':
      return Object.assign(new Error('planned'), { status: 413 })
  }
}

/** An error by its code, or as it was planned. */
function described(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return 'code' in error
    ? String(error.code)
    : error.message === 'planned'
      ? 'planned'
      : `${error.name}: ${error.message}`
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
