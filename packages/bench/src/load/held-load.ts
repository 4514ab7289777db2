/**
 * A closed loop of somebody else's, wrk or autocannon, in a process that is held still between its turns. Several servers can
 * so be loaded in turns of some ten milliseconds: what a machine does for a second to one of them, it does to all.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { treeCpuTime } from '../accounting/process-tree.ts'
import type { CeilingResult } from './ceiling.ts'

/** What a loop says at its end. */
export type Outcome = Omit<CeilingResult, 'elapsed' | 'generatorBusy'>

/** How long a loop may take to notice that it shall end, milliseconds; wrk looks ten times a second. */
const ASK_AGAIN = 400

export class HeldLoad {
  readonly #child: ChildProcess
  readonly #read: (output: string) => Outcome
  readonly #ended: Promise<unknown>
  #output = ''
  #active = 0
  #busy: number | null = null

  private constructor(child: ChildProcess, read: (output: string) => Outcome) {
    this.#child = child
    this.#read = read
    this.#ended = once(child, 'close')
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.#output += text))
  }

  /**
   * @param command goes on until it is interrupted, and says then how it went
   * @param read its output
   */
  static async start(
    [file, ...parameters]: readonly [string, ...string[]],
    read: (output: string) => Outcome,
  ): Promise<HeldLoad> {
    const child = spawn(file, parameters, { stdio: ['ignore', 'pipe', 'inherit'] })
    const load = new HeldLoad(child, read)
    await once(child, 'spawn')
    child.kill('SIGSTOP')
    return load
  }

  /** Lets it load its server for that long. */
  async turn(milliseconds: number): Promise<void> {
    const beganAt = performance.now()
    this.#child.kill('SIGCONT')
    await new Promise((resolve) => setTimeout(resolve, milliseconds))
    this.#child.kill('SIGSTOP')
    this.#active += performance.now() - beganAt
    this.#busy = treeCpuTime(this.#child.pid ?? 0)
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
    const generatorBusy = this.#busy === null || active === 0 ? null : this.#busy / 1000 / active
    return { ...this.#read(this.#output), elapsed, generatorBusy }
  }

  /** Ends it whatever it does. */
  kill(): void {
    this.#child.kill('SIGKILL')
  }
}
