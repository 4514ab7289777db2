/** A pool of {@link file://./bare-child.mjs}: what a process for each connection costs without a server. */
import { type ChildProcess, spawn } from 'node:child_process'
import net from 'node:net'

const [spare, maxProcesses] = process.argv.slice(2).map(Number) as [number, number]
const socket = new net.BoundSocket({ host: '127.0.0.1', port: 0 })
const children = new Set<ChildProcess>()
let waiting = 0
let told = false

function fill(): void {
  while (waiting < spare && children.size < maxProcesses) start()
}

function start(): void {
  const program = new URL('bare-child.mjs', import.meta.url).pathname
  const child = spawn(process.execPath, [program], { stdio: ['ignore', 'inherit', 'inherit', 'ipc', socket.fd()] })
  waiting++
  children.add(child)
  child.on('message', (message) => {
    if (message === 'taken') {
      waiting--
      fill()
    } else if (!told) {
      told = true
      console.log(socket.address().port)
    }
  })
  child.once('exit', () => {
    children.delete(child)
    fill()
  })
}

fill()
process.once('SIGTERM', () => {
  for (const child of children) child.kill('SIGKILL')
  process.exit()
})
