// Bytes and processor time of a compressed response, of three servers in turn in one run. Linux.
//   node bench/measure.mjs [rounds] [milliseconds]
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import http from 'node:http'

const ROUNDS = Number(process.argv[2] ?? 9)
const MILLISECONDS = Number(process.argv[3] ?? 500)
const CLIENTS = 16
const SIZES = [2000, 30_000, 500_000]

/** Microseconds of processor time, of all threads. */
function cpu(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1].split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10_000
}

async function ask(agent, port, size, coding) {
  const request = http.get({ port, host: '127.0.0.1', path: `/${size}`, agent, headers: { 'accept-encoding': coding } })
  const [response] = await once(request, 'response')
  if (response.headers['content-encoding'] !== coding)
    throw new Error(`expected ${coding}, got ${response.headers['content-encoding']}`)
  let bytes = 0
  for await (const chunk of response) bytes += chunk.length
  return bytes
}

async function round({ pid, port }, size, coding) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: CLIENTS })
  await Promise.all(Array.from({ length: CLIENTS }, () => ask(agent, port, size, coding)))
  const before = cpu(pid)
  const end = performance.now() + MILLISECONDS
  let count = 0
  let bytes = 0
  const client = async () => {
    do {
      bytes = await ask(agent, port, size, coding)
      count++
    } while (performance.now() < end)
  }
  await Promise.all(Array.from({ length: CLIENTS }, client))
  agent.destroy()
  return { cost: (cpu(pid) - before) / count, bytes }
}

const median = (list) => list.toSorted((a, b) => a - b)[list.length >> 1]

const servers = []
for (const name of ['express', 'hono', 'tsgi']) {
  const child = fork(new URL('server.mjs', import.meta.url), [name])
  const [{ port }] = await once(child, 'message')
  servers.push({ name, child, port, pid: child.pid })
}
try {
  for (const [size, coding] of [...SIZES.map((size) => [size, 'gzip']), [30_000, 'br'], [30_000, 'zstd']]) {
    // Hono has no br, Express's has no zstd.
    const able = servers.filter(
      ({ name }) => name === 'tsgi' || coding === 'gzip' || (coding === 'br' && name === 'express'),
    )
    const costs = new Map(able.map(({ name }) => [name, []]))
    const sizes = new Map()
    for (let n = 0; n < ROUNDS; n++) {
      for (const server of able) {
        const { cost, bytes } = await round(server, size, coding)
        costs.get(server.name).push(cost)
        sizes.set(server.name, bytes)
      }
    }
    const control = costs.get('express') ?? costs.get('tsgi')
    for (const { name } of able) {
      const ratios = costs.get(name).map((cost, n) => cost / control[n])
      const range = `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`
      console.log(
        `${size} ${coding}: ${name} ${sizes.get(name)} bytes, ${median(ratios).toFixed(2)} (${range}) of the processor time`,
      )
    }
  }
} finally {
  for (const { child } of servers) child.kill()
}
