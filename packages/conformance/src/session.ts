/** Runs behaviours against one subject: each in a fresh state, within a deadline, and after what it stands on. */
import type { ServeOptions } from '@tsgi/spec/server'
import type { Behaviour } from './behaviour.ts'
import { Case } from './case.ts'
import { forceOf } from './force.ts'
import { Mismatch } from './mismatch.ts'
import type { Failure, Outcome, Verdict } from './outcome.ts'
import type { Started } from './started.ts'
import type { Subject } from './subject.ts'
import { Transcript } from './transcript.ts'

const DEADLINE = 5_000
/** For a check to notice its deadline, and to say for what it waited. */
const GRACE = 500
/** For a server to start. */
const STARTING = 40_000
/** A server that does not stop is left behind after this. */
const STOPPING = 5_000

/** Where a behaviour's path leads: for servers to its own application, for frameworks to a route. */
export interface PathOf {
  (behaviour: Behaviour, key: string): string
}

/** `/-/<id>?case=<key>` of the probe. */
export const probePath: PathOf = (behaviour, key) =>
  behaviour.app === undefined ? '/' : `/-/${behaviour.id}?case=${key}`

export class Session {
  readonly subject: Subject
  readonly #behaviours: ReadonlyMap<string, Behaviour>
  readonly #outcomes = new Map<string, Promise<Outcome>>()
  readonly #pathOf: PathOf
  #shared: { readonly options: string; readonly started: Started } | null = null
  #last: Promise<unknown> = Promise.resolve()
  #keys = 0

  constructor(subject: Subject, behaviours: readonly Behaviour[], pathOf: PathOf = probePath) {
    this.subject = subject
    this.#behaviours = new Map(behaviours.map((behaviour) => [behaviour.id, behaviour]))
    this.#pathOf = pathOf
  }

  /** The outcome of one behaviour; run once, after those it stands on. */
  outcome(behaviour: Behaviour): Promise<Outcome> {
    let outcome = this.#outcomes.get(behaviour.id)
    if (outcome === undefined) {
      outcome = this.#judge(behaviour)
      this.#outcomes.set(behaviour.id, outcome)
    }
    return outcome
  }

  async close(): Promise<void> {
    await this.#last
    await this.#stopShared()
  }

  async #judge(behaviour: Behaviour): Promise<Outcome> {
    const reason = this.#inapplicable(behaviour)
    if (reason !== null) return { behaviour, milliseconds: 0, kind: 'inapplicable', reason }
    for (const before of this.#before(behaviour)) {
      const outcome = await this.outcome(before)
      if (outcome.kind === 'failed') return { behaviour, milliseconds: 0, kind: 'blocked', by: before.id }
      if (outcome.kind === 'differs') {
        const reason = `needs ${before.id}, which ${this.subject.name} may leave out and does`
        return { behaviour, milliseconds: 0, kind: 'inapplicable', reason }
      }
      if (outcome.kind === 'blocked') return { behaviour, milliseconds: 0, kind: 'blocked', by: outcome.by }
    }
    const previous = this.#last
    const run = (async () => {
      await previous
      const start = performance.now()
      const verdict = await this.#run(behaviour)
      return { behaviour, milliseconds: performance.now() - start, ...verdict }
    })()
    this.#last = run
    return await run
  }

  #inapplicable(behaviour: Behaviour): string | null {
    const { subject } = this
    const cannot = subject.cannot[behaviour.id]
    if (cannot !== undefined) return cannot
    if (subject.http2 === true && behaviour.level > 0 && behaviour.clause.startsWith('RFC 9112'))
      return 'is about the bytes of HTTP/1.1'
    if (behaviour.capability !== undefined && !subject.capabilities.has(behaviour.capability)) {
      return `${subject.name} does not claim ${behaviour.capability}`
    }
    if (behaviour.app !== undefined && behaviour.anywhere === undefined && !subject.probe) {
      return 'needs the probe (@tsgi/conformance/probe) to be served'
    }
    const own = behaviour.options !== undefined || behaviour.isolation !== undefined || behaviour.needs !== undefined
    if (own && !subject.module) return 'needs a server module, to start it and to see its log'
    return null
  }

  #before(behaviour: Behaviour): Behaviour[] {
    const named = (behaviour.after ?? []).flatMap((id) => this.#behaviours.get(id) ?? [])
    const boots = behaviour.level === 0 ? [] : [...this.#behaviours.values()].filter(({ level }) => level === 0)
    return [...boots, ...named]
  }

  async #run(behaviour: Behaviour): Promise<Verdict> {
    const transcript = new Transcript()
    const options = behaviour.options ?? {}
    let own: Started | null = null
    let started: Started | null = null
    let logged = 0
    try {
      if (behaviour.isolation === 'server') own = started = await this.#start(options)
      else started = await this.#share(options)
      logged = started.log.length
      const signal = AbortSignal.timeout((behaviour.deadline ?? DEADLINE) * this.subject.patience)
      const key = `${behaviour.id}-${++this.#keys}`
      const t = new Case({
        path: this.subject.probe ? this.#pathOf(behaviour, key) : '/',
        probe: this.subject.probe,
        key,
        started,
        options,
        transcript,
        signal,
      })
      try {
        await withinDeadline(behaviour.check(t), signal)
      } finally {
        // Before the server is stopped, which would wait for these connections to be closed.
        t.dispose()
      }
      return { kind: 'passed' }
    } catch (error) {
      // What went wrong may have left the server in doubt: the next case is given a new one.
      await this.#stopShared()
      if (own !== null) await stopWithin(own)
      own = null
      const failure = failureOf(error, behaviour, transcript, started?.downfall?.() ?? null)
      const kind = this.subject.binding.includes(failure.force) ? 'failed' : 'differs'
      return { kind, failure: { ...failure, log: troubles(started?.log.slice(logged) ?? []) } }
    } finally {
      if (own !== null) await stopWithin(own)
    }
  }

  /** @throws Mismatch where it does not start within its time */
  async #start(options: ServeOptions): Promise<Started> {
    const starting = this.subject.start(options)
    const { promise, reject } = Promise.withResolvers<never>()
    const timer = setTimeout(() => {
      starting.then(stopWithin, () => {})
      reject(new Mismatch('the server to start', `serve() has not resolved after ${STARTING / 1000} s`))
    }, STARTING)
    try {
      return await Promise.race([starting, promise])
    } finally {
      clearTimeout(timer)
    }
  }

  async #share(options: ServeOptions): Promise<Started> {
    const text = JSON.stringify(options)
    if (this.#shared !== null && (this.#shared.options !== text || hasFallen(this.#shared.started))) {
      await this.#stopShared()
    }
    this.#shared ??= { options: text, started: await this.#start(options) }
    return this.#shared.started
  }

  async #stopShared(): Promise<void> {
    const shared = this.#shared
    this.#shared = null
    if (shared !== null) await stopWithin(shared.started)
  }
}

/** Waiting on the wire ends by itself; this is for a check that waits for something else. */
async function withinDeadline(check: Promise<void>, signal: AbortSignal): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>()
  let timer: NodeJS.Timeout | undefined
  const expire = (): void => {
    timer = setTimeout(() => reject(new Mismatch('the case to end', 'nothing within its deadline')), GRACE)
  }
  signal.addEventListener('abort', expire)
  try {
    await Promise.race([check, promise])
  } finally {
    signal.removeEventListener('abort', expire)
    clearTimeout(timer)
  }
}

const KEPT_ENTRIES = 5
const KEPT_LINES = 6

/** Warnings and errors, the last of them, without the depths of their stacks. */
const troubles = (log: readonly string[]): string[] =>
  log
    .filter((entry) => /^(warn|error) /.test(entry))
    .slice(-KEPT_ENTRIES)
    .map((entry) => entry.split('\n').slice(0, KEPT_LINES).join('\n').trimEnd())

/** Its process is gone, though the case before may have passed. */
const hasFallen = (started: Started): boolean => (started.downfall?.() ?? null) !== null

async function stopWithin(started: Started): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, STOPPING)
  await Promise.race([started.stop().catch(() => {}), promise])
  clearTimeout(timer)
}

function failureOf(
  error: unknown,
  behaviour: Behaviour,
  transcript: Transcript,
  downfall: string | null,
): Omit<Failure, 'log'> {
  const wire = transcript.toString()
  const force = forceOf(behaviour)
  if (error instanceof Mismatch) {
    const [fate, ...output] = downfall?.split('\n') ?? []
    const got = fate === undefined ? error.got : `${error.got}; ${fate}`
    const stack = output.length > 0 ? output.join('\n') : undefined
    const { clause = behaviour.clause, expected } = error
    return { clause, force: error.force ?? force, expected, got, wire, stack }
  }
  const got = String(error)
  const stack = error instanceof Error ? error.stack?.replace(`${got}\n`, '') : undefined
  return { clause: behaviour.clause, force, expected: `that it ${behaviour.title}`, got, wire, stack }
}
