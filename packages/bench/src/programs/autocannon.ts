/** The process of an autocannon: loads the server that its one argument tells, until it is interrupted; says then how it went. */
import autocannon from 'autocannon'
import type { AutocannonOrder } from '../load/autocannon.ts'
import type { Outcome } from '../load/held-load.ts'
import { requestsOf } from '../load/requests.ts'
import { workloadOf } from '../workloads/workloads.ts'

/** As patient as wrk is: held still, it takes no answer. Seconds. */
const PATIENCE = 60
/** Milliseconds. */
const LOOK_INTERVAL = 100

const { port, workload: name, seed, connections, limit } = JSON.parse(process.argv[2] ?? '') as AutocannonOrder
const workload = workloadOf(name)
if (workload === undefined) throw new Error(`there is no workload ${name}`)
const closes = workload.newConnections === true

const running = autocannon({
  url: `http://127.0.0.1:${port}`,
  connections,
  duration: limit,
  timeout: PATIENCE,
  sampleInt: LOOK_INTERVAL,
  pipelining: workload.pipeline ?? 1,
  requests: requestsOf(workload, seed).map(({ method, target, headers = [], body }) => ({
    method,
    path: target,
    headers: { ...Object.fromEntries(headers), ...(closes && { connection: 'close' }) },
    body,
  })),
})
process.on('SIGINT', () => running.stop())
process.stdout.write('loading\n')
const { requests, errors, timeouts, non2xx } = await running
const all = errors + timeouts + non2xx
const trouble = all === 0 ? null : `${non2xx} answers outside 2xx, ${errors} errors, ${timeouts} timeouts`
const outcome: Outcome = { requests: requests.total, errors: all, trouble }
process.stdout.write(JSON.stringify(outcome))
