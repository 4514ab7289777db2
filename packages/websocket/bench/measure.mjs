// Processor time of an echo, and memory of idle sockets, of both servers in turn in one run. Linux.
//   node bench/measure.mjs [rounds] [seconds]
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import net from 'node:net'

const ROUNDS = Number(process.argv[2] ?? 9)
const SECONDS = Number(process.argv[3] ?? 1)
const CLIENTS = 64
const IDLE = 1000
const HANDSHAKE =
  'GET / HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\n' +
  'sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n'

function frame(opcode, length) {
  const head = length < 126 ? [0x80 | length] : length < 65_536 ? [0x80 | 126, length >> 8, length & 255] : null
  const long = head ?? [0x80 | 127, 0, 0, 0, 0, 0, length >> 16, (length >> 8) & 255, length & 255]
  const mask = [1, 2, 3, 4]
  const payload = Buffer.alloc(length, 'x').map((byte, index) => byte ^ mask[index % 4])
  return Buffer.concat([Buffer.from([0x80 | opcode, ...long, ...mask]), payload])
}

async function open(port) {
  const socket = net.connect(port, '127.0.0.1').setNoDelay(true)
  socket.write(HANDSHAKE)
  const [head] = await once(socket, 'data')
  if (!head.toString().startsWith('HTTP/1.1 101')) throw new Error(`expected 101, got ${head}`)
  return socket
}

/** Microseconds of processor time, of all threads. */
function cpu(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1].split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10_000
}

/** Each client has one message on its way. Gives processor time of the server for each message. */
async function round({ pid, port }, opcode, length) {
  const sockets = await Promise.all(Array.from({ length: CLIENTS }, () => open(port)))
  const message = frame(opcode, length)
  const reply = length + (length < 126 ? 2 : length < 65_536 ? 4 : 10)
  let count = 0
  let running = true
  for (const socket of sockets) {
    let left = reply
    socket.on('data', (bytes) => {
      left -= bytes.length
      if (left > 0) return
      left = reply
      count++
      if (running) socket.write(message)
    })
    socket.write(message)
  }
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
  await pause(100)
  const [before, from] = [cpu(pid), count]
  await pause(SECONDS * 1000)
  const result = (cpu(pid) - before) / (count - from)
  running = false
  await pause(50)
  for (const socket of sockets) socket.destroy()
  return result
}

async function memory({ child, port }, connections) {
  const sockets = []
  for (let n = 0; n < connections; n++) sockets.push(await open(port))
  child.send('memory')
  const [{ memory }] = await once(child, 'message')
  for (const socket of sockets) socket.destroy()
  return memory
}

const median = (list) => list.toSorted((a, b) => a - b)[list.length >> 1]
const shown = (list) => `${median(list).toFixed(2)} (${Math.min(...list).toFixed(2)}–${Math.max(...list).toFixed(2)})`

async function start(name) {
  const child = fork(new URL(`${name}.mjs`, import.meta.url), { execArgv: ['--expose-gc'] })
  const [{ port }] = await once(child, 'message')
  return { name, child, pid: child.pid, port }
}

const servers = await Promise.all(['ws', 'tsgi', 'ws'].map(start))
try {
  for (const [title, opcode, length] of [
    ['100 bytes of text', 1, 100],
    ['100 bytes', 2, 100],
    ['64 KiB', 2, 65_536],
  ]) {
    const costs = servers.map(() => [])
    for (let n = 0; n < ROUNDS; n++) {
      for (const [index, server] of servers.entries()) costs[index].push(await round(server, opcode, length))
    }
    const [control, ours, again] = costs
    console.log(
      `${title}: ratio ${shown(ours.map((cost, n) => cost / control[n]))}, ` +
        `control against itself ${shown(again.map((cost, n) => cost / control[n]))}, ` +
        `${median(ours).toFixed(1)} and ${median(control).toFixed(1)} µs`,
    )
  }
  for (const server of servers.slice(0, 2)) {
    const { child } = server
    await memory(server, 10)
    await new Promise((resolve) => setTimeout(resolve, 500))
    const none = await memory(server, 0)
    const some = await memory(server, IDLE)
    const of = (name) => ((some[name] - none[name]) / IDLE / 1024).toFixed(1)
    console.log(
      `${server.name}: ${of('rss')} KiB of memory, ${of('heapUsed')} of heap, ` +
        `${of('external')} beside it for each idle socket`,
    )
    child.removeAllListeners()
  }
} finally {
  for (const { child } of servers) child.kill()
}
