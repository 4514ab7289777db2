/** Real addresses, each opened in both ways: which are taken, which may be replaced, and what is said where one cannot be. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import net from 'node:net'
import { join, relative } from 'node:path'
import { ServeError, type ListenTarget } from '@tsgi/spec/server'
import { freePort } from '@tsgi/free-port'
import { describe, expect, it, onTestFinished } from 'vitest'
import { bindSocket } from '../src/bound-socket.ts'
import { LONGEST_PATH } from '../src/check-target.ts'
import { urlOf } from '../src/index.ts'
import { claimName } from '../src/reservation.ts'
import { WAYS, type Open } from './ways.ts'
import { asNobody, greeting, listening, portOf, temporaryFolder } from './world.ts'

const LINUX = process.platform === 'linux'

/** What `open` fails with, which is always an error of this code. */
async function refusal(open: Open, target: ListenTarget): Promise<string> {
  const error = await open(target).then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(error).toBeInstanceOf(ServeError)
  expect(error).toMatchObject({ code: 'TSGI_ERR_BIND' })
  return (error as ServeError).message
}

/** The first port that needs no privilege; 0 where none does. */
const firstFreePort = (): number =>
  LINUX ? Number(readFileSync('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8')) : 1024

/** A socket file whose program is gone. */
async function staleSocket(folder: string): Promise<string> {
  const server = await listening({ path: join(folder, 'alive') })
  renameSync(join(folder, 'alive'), join(folder, 'socket'))
  await new Promise((resolve) => server.close(resolve))
  return join(folder, 'socket')
}

describe.each(WAYS)('a TCP address of %s', (_, open) => {
  it.each([
    ['127.0.0.1', /^http:\/\/127\.0\.0\.1:\d+\/$/],
    ['::1', /^http:\/\/\[::1\]:\d+\/$/],
    ['localhost', /^http:\/\/(127\.0\.0\.1|\[::1\]):\d+\/$/],
    ['0.0.0.0', /^http:\/\/localhost:\d+\/$/],
  ])('on %s has a URL', async (host, url) => {
    const { address } = await open({ host, port: 0 })
    expect(urlOf(address)).toMatch(url)
  })

  it('that another program has is refused', async () => {
    const port = portOf(await listening({ host: '127.0.0.1', port: 0 }))
    expect(await refusal(open, { host: '127.0.0.1', port })).toBe(
      `cannot listen on 127.0.0.1:${port}: the address is in use. Stop the program that listens there, or choose another.`,
    )
  })

  it('that another program shares by SO_REUSEPORT is not joined', async () => {
    const port = portOf(await listening({ host: '127.0.0.1', port: 0, reusePort: true }))
    expect(await refusal(open, { host: '127.0.0.1', port })).toContain('the address is in use')
  })

  it.runIf(LINUX)('of a server whose workers are still loading is not joined', async () => {
    const target = { host: '127.0.0.1', port: await freePort() }
    const [, [, held]] = WAYS as [unknown, [string, Open]]
    await held(target)
    expect(await refusal(open, target)).toContain('another TSGI server has it, or is just starting there')
  })

  it.runIf(LINUX && process.geteuid?.() === 0)(
    'is opened though a stranger has the name by which servers claim it',
    async () => {
      const port = await freePort()
      const name = claimName({ host: '127.0.0.1', port }, 0)
      const program = `require('node:net').createServer().listen('\\0${name}', () => console.log('bound'))`
      const stranger = spawn(process.execPath, ['-e', program], {
        uid: 65_534,
        gid: 65_534,
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      onTestFinished(() => void stranger.kill())
      await once(stranger.stdout, 'data')
      expect((await open({ host: '127.0.0.1', port })).address).toMatchObject({ port })
    },
  )

  it('is free again after it is closed', async () => {
    const first = await open({ host: '127.0.0.1', port: 0 })
    const port = first.address.family === 'unix' ? 0 : first.address.port
    first.close()
    await expect
      .poll(() =>
        open({ host: '127.0.0.1', port }).then(
          () => true,
          () => false,
        ),
      )
      .toBe(true)
  })

  it('that this machine does not have is refused', async () => {
    expect(await refusal(open, { host: '203.0.113.1', port: 0 })).toBe(
      'cannot listen on 203.0.113.1:0: this machine has no such address. Use 127.0.0.1, 0.0.0.0 or one of its own.',
    )
  })

  it('of an unknown name is refused', async () => {
    expect(await refusal(open, { host: 'no-such-host.invalid', port: 0 })).toMatch(
      /^cannot listen on no-such-host\.invalid:0: the host name (is unknown|cannot be resolved now)\. Use an address/,
    )
  })

  it('of an interface that is not there names it', async () => {
    expect(await refusal(open, { host: 'fe80::1%none', port: 0 })).toBe(
      'cannot listen on [fe80::1%none]:0: this machine has no interface none. Use the name of one that it has.',
    )
  })

  it('has no brackets', async () => {
    expect(await refusal(open, { host: '[::1]', port: 0 })).toBe(
      'cannot listen on [[::1]]:0: expected a host without brackets. Write it as ::1.',
    )
  })

  it('that is link-local needs its interface', async () => {
    expect(await refusal(open, { host: 'fe80::1', port: 0 })).toBe(
      'cannot listen on [fe80::1]:0: a link-local address needs the name of its interface. Write it as fe80::1%eth0.',
    )
  })

  it.runIf(firstFreePort() > 80)('of a privileged port needs the privilege', async () => {
    expect(await asNobody(() => refusal(open, { host: '127.0.0.1', port: 80 }))).toBe(
      'cannot listen on 127.0.0.1:80: permission denied: ports below 1024 need a privilege. Choose a port from 1024, or grant CAP_NET_BIND_SERVICE.',
    )
  })

  it.each([-1, 65_536, 1.5, Number.NaN])('of port %s is refused', async (port) => {
    expect(await refusal(open, { host: '127.0.0.1', port })).toBe(
      `cannot listen on 127.0.0.1:${port}: expected a port from 0 to 65535, got ${port}.`,
    )
  })
})

describe.each(WAYS)('a unix socket of %s', (_, open) => {
  it('is known by its path, and its file is gone when it is closed', async () => {
    const path = join(temporaryFolder(), 'socket')
    const opened = await open({ path })
    expect(opened.address).toEqual({ family: 'unix', path })
    expect(urlOf(opened.address)).toBe(`http+unix://${encodeURIComponent(path)}/`)
    expect(statSync(path).isSocket()).toBe(true)
    opened.close()
    expect(existsSync(path)).toBe(false)
  })

  it('of a relative path is known by its whole path, whatever folder is current later', async () => {
    const path = join(temporaryFolder(), 'socket')
    const before = process.cwd()
    const opened = await open({ path: relative(before, path) })
    expect(opened.address).toEqual({ family: 'unix', path })
    process.chdir('/')
    try {
      opened.close()
    } finally {
      process.chdir(before)
    }
    expect(existsSync(path)).toBe(false)
  })

  it('of a relative path may be in a folder whose own path is too long', async () => {
    const folder = join(temporaryFolder(), 'x'.repeat(LONGEST_PATH))
    mkdirSync(folder)
    const before = process.cwd()
    process.chdir(folder)
    try {
      expect((await open({ path: 'socket' })).address).toEqual({ family: 'unix', path: join(folder, 'socket') })
      expect(statSync('socket').isSocket()).toBe(true)
    } finally {
      process.chdir(before)
    }
  })

  it.each([0o600, 0o660, 0o777])('has the mode %o from its first moment, and others keep the umask', async (mode) => {
    const folder = temporaryFolder()
    const umask = process.umask()
    await open({ path: join(folder, 'socket'), mode })
    expect(statSync(join(folder, 'socket')).mode & 0o777).toBe(mode)
    expect(process.umask()).toBe(umask)
    await open({ path: join(folder, 'other') })
    expect(statSync(join(folder, 'other')).mode & 0o777).toBe(0o777 & ~umask)
  })

  it('that a dead program left behind is replaced', async () => {
    const path = await staleSocket(temporaryFolder())
    await open({ path })
    expect(statSync(path).isSocket()).toBe(true)
    expect(readdirSync(join(path, '..'))).toEqual(['socket'])
  })

  it('that another program listens on is not taken', async () => {
    const path = join(temporaryFolder(), 'socket')
    await listening({ path })
    expect(await refusal(open, { path })).toBe(
      `cannot listen on unix:${path}: another program listens there. Stop it, or choose another path.`,
    )
    expect(await greeting({ path })).toBe('another')
  })

  it.runIf(LINUX)('of a server whose workers are still loading is not taken', async () => {
    const path = join(temporaryFolder(), 'socket')
    const [, [, held]] = WAYS as [unknown, [string, Open]]
    await held({ path })
    expect(await refusal(open, { path })).toContain('another TSGI server has it')
    expect(existsSync(path)).toBe(true)
  })

  it('does not take the place of a file or a folder', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'file'), 'precious')
    expect(await refusal(open, { path: join(folder, 'file') })).toBe(
      `cannot listen on unix:${folder}/file: there is a file that is not a socket. Remove it, or choose another path.`,
    )
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('precious')
    expect(await refusal(open, { path: folder })).toContain('there is a folder. Remove it')
  })

  it('needs a folder', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'file'), '')
    expect(await refusal(open, { path: join(folder, 'none', 'socket') })).toBe(
      `cannot listen on unix:${folder}/none/socket: there is no folder ${folder}/none. Create it, or choose another path.`,
    )
    expect(await refusal(open, { path: join(folder, 'file', 'socket') })).toBe(
      `cannot listen on unix:${folder}/file/socket: ${folder}/file is not a folder. Choose another path.`,
    )
  })

  it('needs the right to create a file', async () => {
    const folder = join(temporaryFolder(), 'closed')
    mkdirSync(folder, { mode: 0o555 })
    const path = join(folder, 'socket')
    expect(await asNobody(() => refusal(open, { path }))).toBe(
      `cannot listen on unix:${path}: permission denied: this user may not create a file in ${folder}. Allow it, or choose another path.`,
    )
  })

  it('has a path that the system can hold', async () => {
    const folder = temporaryFolder()
    const longest = join(folder, 'x'.repeat(LONGEST_PATH - folder.length - 1))
    expect((await open({ path: longest })).address).toEqual({ family: 'unix', path: longest })
    expect(await refusal(open, { path: `${longest}x` })).toBe(
      `cannot listen on unix:${longest}x: expected a path of at most ${LONGEST_PATH} bytes, got ${LONGEST_PATH + 1}. Choose a shorter one, or start in its folder and use a relative path.`,
    )
    expect(await refusal(open, { path: 'ü'.repeat(60) })).toContain('got 120. Choose a shorter one.')
  })

  it.each([
    ['', 'cannot listen on unix:: expected a path, got an empty one.'],
    ['a\0b', 'expected a path without zero bytes'],
  ])('of the path %j is refused', async (path, message) => {
    expect(await refusal(open, { path })).toContain(message)
  })

  it.each([0o1777, -1, 0.5])('of the mode %s is refused', async (mode) => {
    const path = join(temporaryFolder(), 'socket')
    expect(await refusal(open, { path, mode })).toContain('expected permissions from 000 to 777 (octal), got')
    expect(existsSync(path)).toBe(false)
  })

  it('whose file was replaced by another program is left to that', async () => {
    const folder = temporaryFolder()
    const opened = await open({ path: join(folder, 'socket') })
    writeFileSync(join(folder, 'other'), 'of another')
    renameSync(join(folder, 'other'), join(folder, 'socket'))
    opened.close()
    expect(readdirSync(folder)).toEqual(['socket'])
    expect(readFileSync(join(folder, 'socket'), 'utf8')).toBe('of another')
  })
})

describe.runIf(LINUX).each(WAYS)('an abstract name of %s', (_, open) => {
  const name = (): string => `\0tsgi-test-${process.pid}-${Math.random()}`

  it('has no file, is shown with an @, and can be had once', async () => {
    const path = name()
    const before = readdirSync('.')
    const opened = await open({ path })
    expect(opened.address).toEqual({ family: 'unix', path })
    expect(urlOf(opened.address)).toBe(`http+unix://%40${path.slice(1)}/`)
    expect(readdirSync('.')).toEqual(before)
    expect(await refusal(open, { path })).toBe(
      `cannot listen on unix:@${path.slice(1)}: the address is in use. Stop the program that listens there, or choose another.`,
    )
    opened.close()
    await expect
      .poll(() =>
        open({ path }).then(
          () => true,
          () => false,
        ),
      )
      .toBe(true)
  })

  it('has no permissions, and a length', async () => {
    expect(await refusal(open, { path: name(), mode: 0o600 })).toContain('a name without a file has no permissions')
    expect(await refusal(open, { path: '\0' })).toBe('cannot listen on unix:@: expected a name after @, got none.')
    const longest = name().padEnd(LONGEST_PATH + 1, 'x')
    expect((await open({ path: longest })).address).toEqual({ family: 'unix', path: longest })
    expect(await refusal(open, { path: `${longest}x` })).toContain(
      `at most ${LONGEST_PATH} bytes, got ${LONGEST_PATH + 1}`,
    )
  })
})

describe.each(WAYS)('an inherited descriptor of %s', (_, open) => {
  it('is known by its address', async () => {
    const socket = bindSocket({ host: '127.0.0.1', port: 0 })
    const { port } = socket.address() as net.AddressInfo
    expect((await open({ fd: socket.fd() })).address).toEqual({ family: 'IPv4', host: '127.0.0.1', port })
  })

  it.runIf(LINUX).each(['socket', 'with a space'])('of the unix socket "%s" is known by its path', async (file) => {
    const path = join(temporaryFolder(), file)
    expect((await open({ fd: bindSocket({ path }).fd() })).address).toEqual({ family: 'unix', path })
  })

  it.runIf(LINUX)('of an abstract name is known by that', async () => {
    const path = `\0tsgi-test-${process.pid}-inherited-${Math.random()}`
    expect((await open({ fd: bindSocket({ path }).fd() })).address).toEqual({ family: 'unix', path })
  })

  it('that is not open, or not a socket, is refused', async () => {
    expect(await refusal(open, { fd: 987 })).toBe(
      'cannot listen on fd:987: it is not an open descriptor. Start the server from a program that passes it on, such as systemd.',
    )
    const fd = openSync('/dev/null', 'r')
    onTestFinished(() => closeSync(fd))
    expect(await refusal(open, { fd })).toBe(
      `cannot listen on fd:${fd}: it is not a socket. Expected one that is bound to an address.`,
    )
    expect(await refusal(open, { fd: -1 })).toContain('expected the number of a descriptor, got -1')
  })
})
