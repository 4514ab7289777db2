/**
 * A client that cuts what it sends anywhere, pauses whenever it likes, and knows what it must be answered. Many of them are
 * traffic without a pattern, but for the seed from which everything follows.
 */
import net from 'node:net'
import { ResponseReader, type WholeResponse } from '@tsgi/http1'
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises'
import { bodyOf, expected, headOf, makePlan, mayClose, type Plan } from './plan.ts'
import type { PlannedApplication } from './planned-application.ts'
import { Random } from './random.ts'

/** One connection's life. Rejects with what the server did wrong. */
class Visitor {
  readonly #random: Random
  readonly #plans: readonly Plan[]
  readonly #socket: net.Socket
  readonly #reader = new ResponseReader()
  readonly #responses: WholeResponse[] = []
  #interim = 0
  readonly #events: string[] = []
  #wake = Promise.withResolvers<void>()
  #ended = false
  #closed = false
  #error: Error | null = null
  /** A response that breaks a rule, or ends early. */
  #broken: Error | null = null
  #left = false
  /** Requests that were sent, or begun. */
  #asked = 0

  constructor(port: number, plans: readonly Plan[], random: Random) {
    this.#random = random
    this.#plans = plans
    for (const { method } of plans) this.#reader.expect(method)
    this.#socket = net.connect({ host: '127.0.0.1', port, allowHalfOpen: true, noDelay: true })
    this.#socket.on('data', (bytes: Buffer) => {
      this.#reader.receive(bytes)
      this.#readAll()
      this.#changed()
    })
    this.#socket.on('end', () => {
      this.#ended = true
      this.#reader.receiveEnd()
      if (!this.#left) this.#readAll()
      this.#changed()
    })
    this.#socket.on('error', (error) => {
      this.#error ??= error
      this.#changed()
    })
    this.#socket.on('close', () => {
      this.#closed = true
      this.#changed()
    })
  }

  #readAll(): void {
    try {
      for (let whole = this.#reader.next(); whole !== null; whole = this.#reader.next()) {
        this.#responses.push(whole)
        this.#interim += whole.interim.length
      }
    } catch (error) {
      this.#broken ??= error as Error
    }
  }

  /** For a report of what never came. */
  describe(): string {
    return [
      `answered ${this.#responses.length} of ${this.#plans.length}; ended ${this.#ended}, closed ${this.#closed}, ${this.#error}`,
      `rest of ${this.#reader.parser.buffered} bytes, ${this.#reader.bodyReceived} of a body`,
      this.#events.join(' '),
      ...this.#plans.map((plan) => JSON.stringify(plan)),
    ].join('\n')
  }

  async visit(): Promise<void> {
    const random = this.#random
    const style = random.pick(['pipeline', 'in turn', 'in turn', 'in turn'])
    const leaves = random.chance(0.1)
    const dawdles = random.chance(0.2)
    this.#events.push(style)
    if (dawdles) void this.#dawdle(random.fork())
    if (style === 'pipeline') {
      const bytes = this.#plans.map((plan) => [Buffer.from(headOf(plan)), bodyOf(plan, random)]).flat()
      await this.#send(Buffer.concat(bytes), leaves)
      this.#asked = this.#plans.length
    } else {
      let interim = 0
      for (const [index, plan] of this.#plans.entries()) {
        this.#asked = index + 1
        await this.#send(Buffer.from(headOf(plan)), leaves && random.chance(0.1))
        await this.#pause()
        if (plan.expect) {
          interim++
          await this.#until(
            () => this.#interim + this.#reader.interim.length === interim || this.#responses.length > index,
          )
          if (this.#responses.length > index) break
        }
        await this.#send(bodyOf(plan, random), leaves && random.chance(0.2))
        await this.#until(() => this.#responses.length > index)
        if (this.#over || this.#mayBeOver(index)) break
      }
    }
    if (this.#left) {
      await this.#until(() => this.#closed)
      return
    }
    if (random.chance(0.3)) {
      this.#events.push('half-close')
      this.#socket.end()
    }
    await this.#until(() => this.#responses.length === this.#asked)
    this.#socket.end()
    if (!this.#over) await this.#until(() => this.#ended)
    this.#socket.destroy()
    await this.#until(() => this.#closed)
    this.#judge()
  }

  get #over(): boolean {
    return this.#ended || this.#closed || this.#error !== null || this.#left
  }

  #mayBeOver(index: number): boolean {
    const response = this.#responses[index]
    const plan = this.#plans[index]
    return response?.keepAlive === false || (plan !== undefined && mayClose(plan))
  }

  #changed(): void {
    this.#wake.resolve()
    this.#wake = Promise.withResolvers()
  }

  /** Until the condition holds, or nothing more can come. */
  async #until(condition: () => boolean): Promise<void> {
    while (!condition() && !this.#closed && !(this.#ended && !this.#left)) await this.#wake.promise
  }

  async #pause(): Promise<void> {
    switch (this.#random.pick(['none', 'none', 'immediate', 'immediate', 'two', 'timer'])) {
      case 'immediate':
        return turn()
      case 'two':
        await turn()
        return turn()
      case 'timer':
        return sleep(this.#random.below(3))
      default:
    }
  }

  async #send(bytes: Buffer, leaves: boolean): Promise<void> {
    const random = this.#random
    const most = random.pick([5, 100, 2000, 100_000, Number.POSITIVE_INFINITY])
    // No more than some hundred pieces, whatever their size.
    const least = Math.ceil(bytes.length / 200)
    const leaving = leaves ? random.below(Math.max(1, bytes.length)) : -1
    for (let at = 0; at < bytes.length && !this.#over;) {
      const size = most === Number.POSITIVE_INFINITY ? bytes.length : least + 1 + random.below(most)
      if (leaving >= at && leaving < at + size) {
        this.#left = true
        this.#events.push(`left at ${at}`)
        if (random.chance(0.5)) this.#socket.resetAndDestroy()
        else this.#socket.destroy()
        return
      }
      this.#socket.write(bytes.subarray(at, at + size))
      at += size
      await this.#pause()
    }
  }

  async #dawdle(random: Random): Promise<void> {
    for (let i = 0; i < 5 && !this.#closed; i++) {
      this.#socket.pause()
      await sleep(random.below(10))
      this.#socket.resume()
      await turn()
    }
    this.#socket.resume()
  }

  #judge(): void {
    const responses = this.#responses
    for (const [index, response] of responses.entries()) this.#judgeOne(this.#plans[index], response)
    if (responses.length < this.#asked) {
      const index = responses.length - 1
      if (index < 0 || !this.#mayBeOver(index)) throw new Error('the server closed without a reason')
    } else if (this.#error !== null && !this.#plans.some(mayClose)) {
      throw this.#error
    }
    if (this.#broken !== null) throw this.#broken
    const { head, parser } = this.#reader
    if (head !== null || !parser.idle || parser.buffered > 0) throw new Error('the connection broke within a response')
  }

  #judgeOne(plan: Plan | undefined, response: WholeResponse): void {
    if (plan === undefined) throw new Error('there are more responses than requests')
    const { status, body } = expected(plan)
    const id = response.headers[response.headers.indexOf('x-id') + 1]
    if (response.status !== status || (status === 200 && id !== plan.id)) {
      throw new Error(`${plan.id} was answered ${response.status}, by ${id}`)
    }
    if (!response.body.equals(body)) {
      throw new Error(`${plan.id} was answered ${response.body.length} bytes instead of ${body.length}, or others`)
    }
  }
}

/** Visits a server with many connections at once. Rejects when one is answered wrongly, or not within the limit. */
export async function visit(
  port: number,
  planned: PlannedApplication,
  { seed, connections, limit }: { readonly seed: number; readonly connections: number; readonly limit: number },
): Promise<void> {
  const random = new Random(seed)
  await Promise.all(
    Array.from({ length: connections }, async (_, number) => {
      const own = random.fork()
      const count = 1 + own.below(6)
      const plans = Array.from({ length: count }, (_unused, index) =>
        makePlan(`${seed}-${number}-${index}`, own, index === count - 1),
      )
      for (const plan of plans) planned.plans.set(plan.id, plan)
      const visitor = new Visitor(port, plans, own)
      const late = Promise.withResolvers<never>()
      const timer = setTimeout(() => late.reject(new Error(`not done after ${limit} ms`)), limit)
      try {
        await Promise.race([visitor.visit(), late.promise])
      } catch (error) {
        throw new Error(`seed ${seed}, connection ${number}: ${String(error)}\n${visitor.describe()}`, { cause: error })
      } finally {
        clearTimeout(timer)
      }
    }),
  )
}
