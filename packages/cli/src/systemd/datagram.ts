/**
 * Datagrams to a unix socket, which Node has no function for: by the system's own, where this Node can call it (`node:ffi`), else by
 * the program `systemd-notify`.
 */
import { spawn } from 'node:child_process'

/** Sends text; throws, or rejects, where that fails. */
export type SendDatagram = (text: string) => void | Promise<void>

// <sys/socket.h> and <sys/un.h> of Linux.
const AF_UNIX = 1
const SOCK_DGRAM_CLOEXEC = 2 | 0o2_000_000
const MSG_DONTWAIT_NOSIGNAL = 0x40 | 0x4000

/**
 * @param socket a path, or `@name` in Linux's abstract namespace (sd_notify(3))
 * @returns `null` where this Node cannot call functions of the system
 */
export function datagramsByFfi(socket: string): SendDatagram | null {
  const ffi = quietly(() => process.getBuiltinModule('node:ffi'))
  if (ffi === undefined || process.platform !== 'linux') return null
  const { functions } = ffi.dlopen(null, {
    socket: { return: 'i32', arguments: ['i32', 'i32', 'i32'] },
    sendto: { return: 'i64', arguments: ['i32', 'buffer', 'u64', 'i32', 'buffer', 'u32'] },
    close: { return: 'i32', arguments: ['i32'] },
  })
  const address = addressOf(socket)
  return (text) => {
    const descriptor = functions.socket(AF_UNIX, SOCK_DGRAM_CLOEXEC, 0)
    if (descriptor < 0) throw new Error('the system has no socket to give')
    const message = Buffer.from(text)
    const { length } = message
    const sent = functions.sendto(descriptor, message, BigInt(length), MSG_DONTWAIT_NOSIGNAL, address, address.length)
    functions.close(descriptor)
    if (Number(sent) !== length) throw new Error(`nobody takes datagrams at ${socket}`)
  }
}

/** By the program that systemd brings; the unit needs `NotifyAccess=all`, since another process sends then. */
export const datagramsByProgram =
  (socket: string): SendDatagram =>
  (text) =>
    new Promise((resolve, reject) => {
      const args = [`--pid=${process.pid}`, ...text.split('\n')]
      const child = spawn('systemd-notify', args, { stdio: 'ignore', env: { ...process.env, NOTIFY_SOCKET: socket } })
      child.once('error', reject)
      child.once('exit', (code) =>
        code === 0 ? resolve() : reject(new Error(`systemd-notify ended with exit code ${code}`)),
      )
    })

/** A `sockaddr_un`: its family, then a path that ends in a zero byte, or a name that begins with one. */
function addressOf(socket: string): Buffer {
  const name = socket.startsWith('@') ? `\0${socket.slice(1)}` : `${socket}\0`
  const address = Buffer.alloc(2 + Buffer.byteLength(name))
  if (process.arch === 's390x') address.writeUInt16BE(AF_UNIX)
  else address.writeUInt16LE(AF_UNIX)
  address.write(name, 2)
  return address
}

/** Without the warning that a module is experimental: where it changes, the program takes its place. */
function quietly<T>(run: () => T): T {
  const { emitWarning } = process
  process.emitWarning = () => {}
  try {
    return run()
  } finally {
    process.emitWarning = emitWarning
  }
}
