/** One pairing under one workload in one round: from the start of its process to its end. */
import type { CeilingResult } from '../load/ceiling.ts'
import type { Generator } from '../load/generator.ts'
import { wrkCeiling } from '../load/wrk.ts'
import type { Latency, Round } from '../result.ts'
import type { Subject } from '../subjects/subject.ts'
import type { Workload } from '../workloads/workload.ts'
import type { Placement } from './processors.ts'
import { SubjectError, SubjectProcess } from './subject-process.ts'
import { voidCeiling, voidCheck, voidPace, voidRate } from './void-rules.ts'

export interface Method {
  readonly connections: number
  /** Whole seconds of the window that counts. */
  readonly duration: number
  /** Milliseconds of each warming window, and how many at most. */
  readonly warmWindow: number
  readonly warmWindows: number
  /** Milliseconds at each rate. */
  readonly paceDuration: number
  /** Connections held open under the workload that is idle. */
  readonly idleConnections: number
  /** Milliseconds over which an idle server is watched. */
  readonly idleDuration: number
  readonly wrk: boolean
}

export interface Bench {
  readonly generator: Generator
  readonly placement: Placement
  readonly folder: string
  readonly method: Method
}

export interface Cell {
  readonly subject: Subject
  readonly workload: Workload
  readonly round: number
  readonly seed: number
  /** Rates to be paced at; none before the ceilings are known. */
  readonly rates: readonly { readonly share: number; readonly rate: number }[]
}

export interface Measured {
  readonly round: Round
  readonly latencies: readonly Latency[]
}

const COLD_REQUESTS = 1000
const COLD_CONNECTIONS = 8
const COLD_LIMIT = 3000
/** Before any figure, each answer is looked at. */
const FIRST_CHECKS = 20
/** Between two checks that go along with the load, milliseconds. */
const CHECK_PAUSE = 50
/** Windows that must agree, and within what. */
const AGREEING = 3
const AGREEMENT = 0.1

/**
 * @param signal ends it: what was started is stopped, and the promise rejects
 * @throws SubjectError where there is no figure to be had
 */
export async function measure(bench: Bench, cell: Cell, signal?: AbortSignal): Promise<Measured> {
  signal?.throwIfAborted()
  const startedAt = performance.now()
  const process = await SubjectProcess.start(cell.subject, {
    folder: bench.folder,
    processors: bench.placement.server,
  })
  const boot = performance.now() - startedAt
  try {
    return await Promise.race([measureRunning(bench, cell, process, boot), aborted(signal)])
  } catch (error) {
    if (process.alive || signal?.aborted === true) throw error
    throw new SubjectError(`${cell.subject.label} died under load\n${process.output}`.trim(), { cause: error })
  } finally {
    await process.stop()
  }
}

async function measureRunning(bench: Bench, cell: Cell, process: SubjectProcess, boot: number): Promise<Measured> {
  await checkAnswers(bench, cell, process)
  return cell.workload.idle === true
    ? await measureIdle(bench, cell, process, boot)
    : await measureLoad(bench, cell, process, boot)
}

function aborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })
}

const targetOf = (cell: Cell, process: SubjectProcess) =>
  ({ port: process.port, workload: cell.workload.name, seed: cell.seed }) as const

async function checkAnswers({ generator }: Bench, cell: Cell, process: SubjectProcess): Promise<void> {
  const loop = { connections: 1, count: FIRST_CHECKS, duration: COLD_LIMIT }
  const check = await generator.run({ kind: 'check', ...targetOf(cell, process), ...loop })
  const [wrong] = voidCheck(check)
  if (wrong !== undefined) throw new SubjectError(`answers wrongly before any load: ${wrong}`)
}

async function measureLoad(bench: Bench, cell: Cell, process: SubjectProcess, boot: number): Promise<Measured> {
  const cold = await firstRequests(bench, cell, process)
  const warm = await warmUp(bench, cell, process)
  const { ceiling, check, cpu } = await measureCeiling(bench, cell, process)
  const latencies: Latency[] = []
  for (const { share, rate } of cell.rates) latencies.push(await measureLatency(bench, cell, process, share, rate))
  const idleCpu = await watchIdle(bench, process)
  const round: Round = {
    round: cell.round,
    cpu: cpu === null || ceiling.requests === 0 ? null : cpu / (ceiling.requests + check.answered),
    requestsPerSecond: ceiling.requests / ceiling.elapsed,
    requests: ceiling.requests,
    errors: ceiling.errors + check.errors,
    generatorBusy: ceiling.generatorBusy,
    peakMemory: process.peakMemory(),
    boot,
    cold,
    warm,
    idleCpu,
    idleConnection: null,
    voided: voidCeiling(ceiling, check),
    rateVoided: voidRate(ceiling),
  }
  return { round, latencies }
}

async function firstRequests({ generator }: Bench, cell: Cell, process: SubjectProcess): Promise<Round['cold']> {
  const loop = { connections: COLD_CONNECTIONS, count: COLD_REQUESTS, duration: COLD_LIMIT }
  const before = process.cpuTime()
  const { answered, elapsed } = await generator.run({ kind: 'closed', ...targetOf(cell, process), ...loop })
  const cpu = since(before, process.cpuTime())
  return { requests: answered, milliseconds: elapsed, cpu: cpu === null || answered === 0 ? null : cpu / answered }
}

/** Until what a request costs has settled; by its rate where the system does not account for processes. */
async function warmUp({ generator, method }: Bench, cell: Cell, process: SubjectProcess): Promise<boolean> {
  const costs: number[] = []
  const loop = { connections: method.connections, count: Number.MAX_SAFE_INTEGER, duration: method.warmWindow }
  for (let window = 0; window < method.warmWindows; window++) {
    const before = process.cpuTime()
    const { answered, elapsed } = await generator.run({ kind: 'closed', ...targetOf(cell, process), ...loop })
    costs.push((since(before, process.cpuTime()) ?? elapsed) / answered)
    const last = costs.slice(-AGREEING)
    if (last.length === AGREEING && Math.max(...last) <= Math.min(...last) * (1 + AGREEMENT)) return true
  }
  return false
}

async function measureCeiling({ generator, placement, folder, method }: Bench, cell: Cell, process: SubjectProcess) {
  const target = targetOf(cell, process)
  const { connections, duration } = method
  const before = process.cpuTime()
  // One check after the other, while the load runs and with inputs of their own.
  const checking = generator.run({
    kind: 'check',
    ...target,
    seed: cell.seed + 1,
    connections: 1,
    count: Number.MAX_SAFE_INTEGER,
    duration: duration * 1000,
    pause: CHECK_PAUSE,
  })
  const loading: Promise<CeilingResult> = method.wrk
    ? wrkCeiling({
        ...target,
        workload: cell.workload,
        connections,
        seconds: duration,
        folder,
        processors: placement.load,
      })
    : generator.run({ kind: 'autocannon', ...target, duration: duration * 1000, connections })
  const [ceiling, check] = await Promise.all([loading, checking])
  return { ceiling, check, cpu: since(before, process.cpuTime()) }
}

async function measureLatency(
  { generator, method }: Bench,
  cell: Cell,
  process: SubjectProcess,
  share: number,
  rate: number,
): Promise<Latency> {
  const { connections, paceDuration: duration } = method
  const paced = await generator.run({ kind: 'pace', ...targetOf(cell, process), rate, duration, connections })
  const { offered, achieved, errors, lateness, generatorBusy, latencies: histogram } = paced
  const voided = voidPace(paced)
  return { round: cell.round, share, rate, offered, achieved, errors, lateness, generatorBusy, histogram, voided }
}

async function watchIdle({ method }: Bench, process: SubjectProcess): Promise<number | null> {
  const before = process.cpuTime()
  const startedAt = performance.now()
  await new Promise((resolve) => setTimeout(resolve, method.idleDuration))
  const cpu = since(before, process.cpuTime())
  return cpu === null ? null : cpu / 1000 / (performance.now() - startedAt)
}

async function measureIdle(bench: Bench, cell: Cell, process: SubjectProcess, boot: number): Promise<Measured> {
  const { generator, method } = bench
  const target = targetOf(cell, process)
  // What the first connections make the server allocate once is not the price of one more.
  await firstRequests(bench, cell, process)
  await watchIdle(bench, process)
  const before = process.memory()
  const held = await generator.run({ kind: 'hold', ...target, count: method.idleConnections })
  const idleCpu = await watchIdle(bench, process)
  const bytes = since(before, process.memory())
  await generator.run({ kind: 'release', ...target })
  const round: Round = {
    round: cell.round,
    cpu: null,
    requestsPerSecond: 0,
    requests: 0,
    errors: method.idleConnections - held,
    generatorBusy: 0,
    peakMemory: process.peakMemory(),
    boot,
    cold: null,
    warm: true,
    idleCpu,
    idleConnection: { held, bytes: bytes === null ? null : bytes / held },
    voided: held < method.idleConnections ? [`${held} of ${method.idleConnections} connections were held`] : [],
    rateVoided: [],
  }
  return { round, latencies: [] }
}

const since = (before: number | null, after: number | null): number | null =>
  before === null || after === null ? null : after - before
