import { spawn, type ChildProcess } from 'node:child_process'
import { programFile } from '../programs/program-file.ts'
import { pinned } from '../running/processors.ts'
import type { ClosedLoopResult } from './closed-loop.ts'
import type { PaceResult } from './pace.ts'

/** Whom, with what inputs. */
export interface Target {
  readonly port: number
  readonly workload: string
  readonly seed: number
}

interface Loop extends Target {
  readonly connections: number
  readonly count: number
  readonly duration: number
  /** Which of the requests is the first. Default 0. */
  readonly first?: number
}

/** What the generator can be told. Times in milliseconds. */
export type Command =
  | (Loop & { readonly kind: 'check' | 'closed' })
  | (Target & { readonly kind: 'pace'; readonly rate: number; readonly duration: number; readonly connections: number })
  | (Target & { readonly kind: 'hold'; readonly count: number })
  | (Target & { readonly kind: 'release' })

export type Reply = { readonly id: number } & ({ readonly value: unknown } | { readonly error: string })

interface Results {
  check: ClosedLoopResult
  closed: ClosedLoopResult
  pace: PaceResult
  hold: number
  release: null
}

/** The generator's process, seen from the run. */
export class Generator {
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>()
  #lastId = 0

  constructor(processors: string | null) {
    const [file, ...parameters] = pinned(processors, [process.execPath, programFile('generator')])
    this.#child = spawn(file, parameters, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    this.#child.on('message', (reply: Reply) => {
      const waiting = this.#waiting.get(reply.id)
      this.#waiting.delete(reply.id)
      if ('error' in reply) waiting?.reject(new Error(reply.error))
      else waiting?.resolve(reply.value)
    })
    const lost = (error: Error): void => {
      for (const { reject } of this.#waiting.values()) reject(error)
      this.#waiting.clear()
    }
    this.#child.once('exit', (code, signal) => lost(new Error(`the load generator ended with ${code ?? signal}`)))
    this.#child.once('error', lost)
  }

  run<K extends Command['kind']>(command: Command & { kind: K }): Promise<Results[K]> {
    const id = ++this.#lastId
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (value: unknown) => void, reject })
      this.#child.send({ id, command }, (error) => {
        if (error !== null) reject(error)
      })
    })
  }

  stop(): void {
    if (this.#child.connected) this.#child.disconnect()
  }
}
