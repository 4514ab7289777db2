import type { Application, Awaitable } from '@tsgi/spec'
import { isPromise } from '@tsgi/spec'
import { describe } from './describe.ts'
import type { Validation } from './validation.ts'

/** The lifespan of an application as its server runs it (M.1, M.2). */
export class Lifespan {
  readonly #validation: Validation
  readonly #app: Application
  /** `false` until the application's startup, if it has one, is done. */
  #up: boolean
  #startups = 0
  #shutdowns = 0

  constructor(validation: Validation, app: Application) {
    this.#validation = validation
    this.#app = app
    this.#up = app.startup === undefined
    this.#checkKind('startup', app.startup)
    this.#checkKind('shutdown', app.shutdown)
  }

  #checkKind(name: string, hook: unknown): void {
    if (hook === undefined || typeof hook === 'function') return
    this.#validation.fault('TSGI_V_LIFESPAN_KIND', `${name} was ${describe(hook)}`, null)
  }

  /** Gives `wrapper` the hooks that the application has. */
  forward(wrapper: Application): void {
    if (typeof this.#app.startup === 'function') wrapper.startup = () => this.#startup()
    if (typeof this.#app.shutdown === 'function') wrapper.shutdown = () => this.#shutdown()
    if (typeof this.#app.ready === 'function') wrapper.ready = () => this.#app.ready?.() ?? true
  }

  #startup(): Awaitable<void> {
    this.#startups++
    if (this.#startups > 1) this.#validation.fault('TSGI_V_STARTUP_TWICE', 'startup was called a second time', null)
    const starting = this.#app.startup?.()
    if (typeof starting !== 'object' || !isPromise(starting)) {
      this.#up = true
      return
    }
    return starting.then(() => {
      this.#up = true
    })
  }

  #shutdown(): Awaitable<void> {
    const validation = this.#validation
    this.#shutdowns++
    if (this.#shutdowns > 1) validation.fault('TSGI_V_SHUTDOWN_TWICE', 'shutdown was called a second time', null)
    else if (validation.active > 0) {
      const done = `shutdown was called while ${validation.active} responses were unfinished`
      validation.fault('TSGI_V_SHUTDOWN_EARLY', done, null)
    }
    return this.#app.shutdown?.()
  }

  /** A request has come. */
  checkCall(): void {
    const validation = this.#validation
    if (!this.#up) validation.fault('TSGI_V_STARTUP_MISSING', 'A request came before startup was done', null)
    if (this.#shutdowns > 0)
      validation.fault('TSGI_V_CALL_AFTER_SHUTDOWN', 'A request came after shutdown was called', null)
  }
}
