import { FROM_WORKER, TO_WORKER } from '../frames.ts'
import type { Language } from '../language.ts'
import { CHECKS } from './checks.ts'
import { Wire } from './wire.ts'

/** A worker, and an application for it that has the paths of PROTOCOL.md, "Checking a worker". */
export interface WorkerUnderTest {
  readonly language: Language
  readonly app: string
  readonly cwd: string
}

export interface WorkerCheck {
  /** A sentence: what a worker does. */
  readonly behaviour: string
  /** Why it does not; `null` where it does. */
  readonly failure: string | null
}

/**
 * Checks a worker for a language against PROTOCOL.md.
 *
 * @example
 * for (const { behaviour, failure } of await checkWorker(worker)) console.log(failure === null ? 'ok' : failure, behaviour)
 */
export async function checkWorker(worker: WorkerUnderTest): Promise<readonly WorkerCheck[]> {
  const results: WorkerCheck[] = []
  const check = async (behaviour: string, run: () => Promise<void>) => {
    try {
      await run()
      results.push({ behaviour, failure: null })
      return true
    } catch (error) {
      results.push({ behaviour, failure: error instanceof Error ? error.message : String(error) })
      return false
    }
  }
  const start = async (app = worker.app) => {
    const wire = new Wire(worker.language, app, worker.cwd)
    return [wire, await wire.frame()] as const
  }

  await check('reports an application that is missing, and exits', async () => {
    const [wire, frame] = await start(`${worker.app}_is_missing`)
    expectKind(frame.kind, FROM_WORKER.failed)
    await wire.exited
  })

  let id = 0
  let current: Wire | undefined
  for (const [behaviour, run] of CHECKS) {
    const passed = await check(behaviour, async () => {
      if (current === undefined) {
        const [wire, frame] = await start()
        expectKind(frame.kind, FROM_WORKER.ready)
        current = wire
      }
      await run(current, () => ++id)
    })
    // What a failure leaves behind must not fail the next check.
    if (!passed) {
      current?.child.kill('SIGKILL')
      current = undefined
    }
  }

  await check('ends at STOP, after the requests before it, and not at the signals of its group', async () => {
    const [wire] = current === undefined ? await start() : [current]
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) wire.child.kill(signal)
    wire.request(++id, '/slow?0.2')
    wire.send(TO_WORKER.stop, 0)
    expectKind((await wire.frame()).kind, FROM_WORKER.response)
    await wire.exited
  })
  await check('writes the stack of a handler that hangs', async () => {
    const [wire] = await start()
    wire.request(++id, '/hangs')
    const found = () => /hang_here/.test(wire.output)
    for (let i = 0; i < 100 && !found(); i++) {
      await wire.silent(100)
      wire.child.kill(worker.language.stackSignal)
    }
    wire.child.kill('SIGKILL')
    if (!found()) throw new Error(`expected a stack with hang_here, got: ${wire.output}`)
  })
  await check('ends when its lane is closed, although a handler runs', async () => {
    const [wire] = await start()
    wire.request(++id, '/hangs')
    await wire.silent(200)
    wire.end()
    await wire.exited
  })
  return results
}

function expectKind(kind: number, expected: number): void {
  if (kind !== expected) throw new Error(`expected a frame of kind ${expected}, got ${kind}`)
}
