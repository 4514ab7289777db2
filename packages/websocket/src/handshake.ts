/** The opening handshake (RFC 6455 §4.2), without I/O: what is agreed on, or how the request is refused. */
import { hash } from 'node:crypto'
import { header, headers, type Environ, type HeaderList, type ServerContext } from '@tsgi/spec'
import { extension, PerMessageDeflate, subprotocol } from './codec.ts'
import type { Settings } from './options.ts'
import { mayConnect } from './origins.ts'

export interface Accepted {
  readonly kind: 'accepted'
  readonly server: UpgradingServer
  /** The protocol of HTTP's `upgrade`, as the client wrote it. */
  readonly upgrade: string
  /** Of the 101. */
  readonly headers: HeaderList
  /** The agreed subprotocol; `''` where there is none. */
  readonly protocol: string
  /** `null` where messages are sent as they are. */
  readonly deflate: PerMessageDeflate | null
}

type UpgradingServer = ServerContext & Required<Pick<ServerContext, 'upgrade'>>

export interface Refused {
  readonly kind: 'refused'
  readonly status: number
  readonly headers: HeaderList
  /** For the client, in one line. */
  readonly why: string
}

const VERSION = '13'
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
/** Sixteen bytes in base64. */
const KEY = /^[A-Za-z0-9+/]{21}[AQgw]==$/

export function readHandshake(environ: Environ, settings: Settings): Accepted | Refused {
  const upgrade = tokens(headers(environ, 'upgrade')).find((name) => name.toLowerCase() === 'websocket')
  if (environ.requestMethod !== 'GET') {
    return refused(405, `a WebSocket handshake is a GET, not ${environ.requestMethod}`, ['allow', 'GET'])
  }
  const { server } = environ
  if (!canUpgrade(server) || upgrade === undefined) return notOffered(environ, upgrade)
  const version = headers(environ, 'sec-websocket-version')
  if (version.length !== 1 || version[0] !== VERSION) {
    const why = `expected sec-websocket-version: ${VERSION}, got ${version.join(', ') || 'none'}`
    return refused(426, why, ['upgrade', 'websocket', 'sec-websocket-version', VERSION])
  }
  const [key = '', ...moreKeys] = headers(environ, 'sec-websocket-key')
  if (moreKeys.length > 0 || !KEY.test(key)) {
    return refused(400, 'expected one sec-websocket-key of 16 bytes in base64')
  }
  if (!mayConnect(environ, settings.origins)) {
    const why = `pages of ${header(environ, 'origin')} may not connect to ${header(environ, 'host') ?? 'this host'}`
    return refused(403, `${why}; the server's option "origins" says whose may`)
  }
  if (server.draining?.aborted === true) return refused(503, 'the server is about to stop; connect again')
  return agree(environ, server, upgrade, key, settings)
}

const canUpgrade = (server: ServerContext): server is UpgradingServer => server.upgrade !== undefined

function agree(
  environ: Environ,
  server: UpgradingServer,
  upgrade: string,
  key: string,
  settings: Settings,
): Accepted | Refused {
  const fields: string[] = ['sec-websocket-accept', hash('sha1', key + GUID, 'base64')]
  let protocol = ''
  let deflate: PerMessageDeflate | null = null
  try {
    const offered = headers(environ, 'sec-websocket-protocol').join(', ')
    // The client's are in the order of its preference (RFC 6455 §4.1).
    if (offered !== '')
      protocol = [...subprotocol.parse(offered)].find((name) => settings.protocols.includes(name)) ?? ''
    const extensions = headers(environ, 'sec-websocket-extensions').join(', ')
    if (extensions !== '' && settings.compression !== null) {
      const offers = extension.parse(extensions)[PerMessageDeflate.extensionName]
      if (offers !== undefined) {
        deflate = deflateFor(settings.maxPayload, settings.compression)
        const agreed = deflate.accept(offers)
        fields.push('sec-websocket-extensions', extension.format({ [PerMessageDeflate.extensionName]: [agreed] }))
      }
    }
  } catch (error) {
    return refused(400, `the offered subprotocols or extensions: ${(error as Error).message}`)
  }
  if (protocol !== '') fields.push('sec-websocket-protocol', protocol)
  return { kind: 'accepted', server, upgrade, headers: [...fields, ...settings.headers], protocol, deflate }
}

/** Without context, a message needs none before it: a connection that rests keeps no window of 32 KiB filled for each direction. */
const deflateFor = (
  maxPayload: number,
  { level, threshold }: { level: number; threshold: number },
): PerMessageDeflate =>
  new PerMessageDeflate({
    isServer: true,
    maxPayload,
    threshold,
    serverNoContextTakeover: true,
    clientNoContextTakeover: true,
    zlibDeflateOptions: { level, memLevel: 8 },
  })

/** There is nothing to upgrade: the client, a proxy or the server cannot, or nobody asked. */
function notOffered(environ: Environ, upgrade: string | undefined): Refused {
  const { serverProtocol } = environ
  const ask = ['upgrade', 'websocket', 'sec-websocket-version', VERSION]
  if (serverProtocol === 'HTTP/1.0') {
    return refused(
      426,
      'WebSocket needs HTTP/1.1, got HTTP/1.0; a proxy in front must speak HTTP/1.1 and pass upgrade',
      ask,
    )
  }
  // 9113 §8.2.2: there, the field `upgrade` must not be sent.
  if (serverProtocol !== 'HTTP/1.1') return refused(505, `WebSocket needs HTTP/1.1 here, got ${serverProtocol}`)
  if (upgrade === undefined) {
    return refused(426, 'this address speaks WebSocket; expected connection: upgrade with upgrade: websocket', ask)
  }
  if (header(environ, 'transfer-encoding') !== undefined || (header(environ, 'content-length') ?? '0') !== '0') {
    return refused(400, 'a WebSocket handshake has no body')
  }
  if (!tokens(headers(environ, 'connection')).some((name) => name.toLowerCase() === 'upgrade')) {
    return refused(400, 'expected connection: upgrade beside upgrade: websocket')
  }
  return refused(501, `${environ.server.name} cannot change to another protocol, so there is no WebSocket`)
}

const refused = (status: number, why: string, fields: HeaderList = []): Refused => ({
  kind: 'refused',
  status,
  headers: ['content-type', 'text/plain; charset=utf-8', ...fields],
  why,
})

const tokens = (fields: readonly string[]): string[] =>
  fields.flatMap((field) => field.split(',')).map((name) => name.trim())
