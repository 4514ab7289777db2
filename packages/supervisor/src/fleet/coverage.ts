/**
 * Who accepts from queues that nobody else attends to.
 *
 * A slot's queue goes on filling while its worker is dead, silent or gone for good: the kernel hashes connections over all
 * queues of a port and cannot be told to leave one out (closing it resets what waits there: 44 of 200 in a trial). So
 * the others take its connections until a worker of its own is back.
 */
import type { WorkerRecord } from './worker-record.ts'

/**
 * @param opened slots whose queues have been opened, whoever attends to them now
 * @param isResponsive whether a worker was heard lately
 * @returns for each worker that accepts, the slots it has to cover
 */
export function coverage(
  workers: Iterable<WorkerRecord>,
  opened: ReadonlySet<number>,
  isResponsive: (worker: WorkerRecord) => boolean,
): ReadonlyMap<WorkerRecord, ReadonlySet<number>> {
  const orphaned = new Set(opened)
  const able: WorkerRecord[] = []
  for (const worker of workers) {
    if (worker.phase !== 'opening' && worker.phase !== 'accepting') continue
    if (!isResponsive(worker)) continue
    orphaned.delete(worker.slot)
    if (worker.phase === 'accepting') able.push(worker)
  }
  return new Map(able.map((worker) => [worker, orphaned]))
}
