/**
 * A closed loop of somebody else's, wrk or autocannon, in a process that is held still between its turns. Several servers can
 * so be loaded in turns of some ten milliseconds: what a machine does for a second to one of them, it does to all.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { treeCpuTime, since } from '../accounting/process-tree.ts'

/** As many requests as a server answers when each connection asks again at once. */
export interface CeilingResult {
  readonly requests: number
  /** Seconds. */
  readonly elapsed: number
  readonly errors: number
  readonly trouble: string | null
  /** Of its processors, 0 to 1; `null` where the system does not say. */
  readonly generatorBusy: number | null
}

/** What a loop says at its end. */
export type Outcome = Omit<CeilingResult, 'elapsed' | 'generatorBusy'>

/** How long a loop may take to notice that it shall end, milliseconds; wrk looks ten times a second. */
const ASK_AGAIN = 400

/** Held still, they would outlive a process that ends without ending them. */
const living = new Set<HeldLoad>()
process.on('exit', () => {
  for (const load of living) load.kill()
})

export class HeldLoad {
  readonly #child: ChildProcess
  readonly #threads: number
  readonly #read: (output: string) => Outcome
  readonly #ended: Promise<unknown>
  #output = ''
  #active = 0
  /** Microseconds of processor time: what it took to get ready, and until the end of the last turn. */
  #usedBefore: number | null = null
  #used: number | null = null

  private constructor(child: ChildProcess, threads: number, read: (output: string) => Outcome) {
    this.#child = child
    this.#threads = threads
    this.#read = read
    this.#ended = once(child, 'close')
    living.add(this)
    child.once('exit', () => living.delete(this))
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.#output += text))
  }

  /**
   * Starts it and holds it still once it is ready: interrupted before, it would say nothing.
   *
   * @param command goes on until it is interrupted, and says then how it went
   * @param threads how many processors it can use
   * @param read its output
   */
  static async start(
    [file, ...parameters]: readonly [string, ...string[]],
    threads: number,
    read: (output: string) => Outcome,
    ready: (child: ChildProcess) => Promise<unknown>,
  ): Promise<HeldLoad> {
    const child = spawn(file, parameters, { stdio: ['ignore', 'pipe', 'ignore'] })
    const load = new HeldLoad(child, threads, read)
    await once(child, 'spawn')
    // One that ended instead has its reason told at the finish.
    await Promise.race([ready(child), load.#ended])
    child.kill('SIGSTOP')
    load.#usedBefore = treeCpuTime(child.pid ?? 0)
    return load
  }

  /** Lets it load its server for that long. */
  async turn(milliseconds: number): Promise<void> {
    const beganAt = performance.now()
    this.#child.kill('SIGCONT')
    await new Promise((resolve) => setTimeout(resolve, milliseconds))
    this.#child.kill('SIGSTOP')
    this.#active += performance.now() - beganAt
    this.#used = treeCpuTime(this.#child.pid ?? 0)
  }

  /** The last turn: it ends when the loop has noticed. */
  async finish(): Promise<CeilingResult> {
    const active = this.#active
    const beganAt = performance.now()
    this.#child.kill('SIGCONT')
    this.#child.kill('SIGINT')
    // wrk takes a signal that reaches its other thread for nothing; its first is the one that waits.
    const again = setInterval(() => this.#child.kill('SIGINT'), ASK_AGAIN)
    await this.#ended
    clearInterval(again)
    const elapsed = (active + performance.now() - beganAt) / 1000
    const used = since(this.#usedBefore, this.#used)
    const generatorBusy = used === null || active === 0 ? null : used / 1000 / active / this.#threads
    return { ...this.#read(this.#output), elapsed, generatorBusy }
  }

  /** Ends it whatever it does. */
  kill(): void {
    this.#child.kill('SIGKILL')
  }
}
