/** The application under random traffic. */
import { setImmediate as turn } from 'node:timers/promises'
import type { Application, Body, BodyWriter, Chunk, Environ } from '@tsgi/spec'
import { content, type Plan } from './plan.ts'
import { wait } from './timing.ts'

/** An application that does what the plans say, and counts. */
export class PlannedApplication {
  readonly plans = new Map<string, Plan>()
  called = 0
  finished = 0
  opened = 0
  closed = 0
  readonly wrong: string[] = []

  readonly application: Application = (environ, start) => {
    this.called++
    environ.server.onFinish(() => this.finished++)
    const plan = this.plans.get(environ.pathInfo.slice(1))
    if (plan === undefined) {
      this.wrong.push(`a request that nobody made: ${environ.requestMethod} ${environ.pathInfo}`)
      start(404, [])
      return null
    }
    const headers = ['x-id', plan.id]
    const simple = plan.before === 'now' && plan.reads === 'nothing'
    if (simple) return this.#respond(plan, environ, () => start(200, headers))
    return (async () => {
      await wait(plan.before)
      if (plan.responds !== 'echo') await this.#read(plan, environ)
      await wait(plan.between)
      return this.#respond(plan, environ, () => start(200, headers))
    })()
  }

  async #read(plan: Plan, environ: Environ): Promise<void> {
    if (plan.reads === 'nothing') return
    const most = plan.reads === 'some' ? Math.ceil(plan.bodySize / 3) : Number.POSITIVE_INFINITY
    const pieces: Uint8Array[] = []
    for (let size = 0; size < most;) {
      const piece = await environ.input.read(plan.id.length % 2 === 0 ? undefined : 10_000)
      if (piece.length === 0) break
      pieces.push(piece)
      size += piece.length
      if (plan.between === 'immediate') await turn()
    }
    const read = Buffer.concat(pieces)
    if (!read.equals(content(plan.id, plan.reads === 'all' ? plan.bodySize : read.length))) {
      this.wrong.push(`${plan.id} read ${read.length} of ${plan.bodySize} bytes, or somebody else's`)
    }
  }

  #respond(plan: Plan, environ: Environ, begin: () => void): Body {
    const bytes = content(plan.id, plan.size)
    const pieces: Chunk[] = []
    const step = Math.max(1, Math.ceil(plan.size / 5))
    for (let at = 0; at < plan.size; at += step) pieces.push(bytes.subarray(at, at + step))
    switch (plan.responds) {
      case 'null':
        begin()
        return null
      case 'text':
        begin()
        return bytes.toString('latin1')
      case 'bytes':
        begin()
        return bytes
      case 'array':
        begin()
        return pieces
      case 'sync':
        begin()
        return this.#closing(pieces.values())
      case 'async':
        return this.#closing(
          (async function* () {
            begin()
            for (const piece of pieces) {
              await wait(plan.between)
              yield piece
            }
          })(),
        )
      case 'push':
        begin()
        return this.#closing(async (out: BodyWriter) => {
          for (const piece of pieces) {
            await out.write(piece)
            if (plan.before === 'tick') await out.flush()
            await wait(plan.between)
          }
        })
      case 'echo': {
        begin()
        const readAll = (): Promise<void> => this.#read({ ...plan, reads: 'all' }, environ)
        return this.#closing(
          (async function* () {
            yield 'echo'
            environ.server.flush()
            await readAll()
            yield bytes
          })(),
        )
      }
      default:
        throw new Error('planned')
    }
  }

  #closing<T extends object>(body: T): T & { close(): void } {
    this.opened++
    return Object.assign(body, { close: () => void this.closed++ })
  }
}
