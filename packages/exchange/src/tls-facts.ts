/** `environ['tsgi.tls']` of a connection of Node's (SPEC E.16). */
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { Tls } from '@tsgi/spec'

/** Reading a certificate takes longer than a request. */
const known = new WeakMap<Socket, Tls>()

/** `null` without TLS. */
export function tlsOf(socket: Socket): Tls | null {
  if (!isEncrypted(socket)) return null
  let tls = known.get(socket)
  if (tls === undefined) {
    tls = Object.freeze(factsOf(socket))
    known.set(socket, tls)
  }
  return tls
}

const isEncrypted = (socket: Socket): socket is TLSSocket =>
  (socket as Partial<TLSSocket>).encrypted === true && typeof (socket as Partial<TLSSocket>).getCipher === 'function'

function factsOf(socket: TLSSocket): Tls {
  const { servername } = socket as { servername?: unknown }
  const authorized = socket.authorized === true
  // What nobody verified is anybody's to choose.
  const subject = authorized ? socket.getPeerX509Certificate()?.subject : undefined
  return {
    protocol: socket.getProtocol() ?? '',
    cipher: socket.getCipher().standardName,
    alpn: socket.alpnProtocol || null,
    serverName: typeof servername === 'string' && servername !== '' ? servername : null,
    authorized,
    subject: subject === undefined ? null : toRfc4514(subject),
  }
}

/** @param lines as Node's `X509Certificate.subject` has it: a line for each relative name, the outermost first, escaped */
export const toRfc4514 = (lines: string): string =>
  lines
    .split('\n')
    .toReversed()
    // A plus sign inside of a value is escaped.
    .map((relative) => relative.replaceAll(' + ', '+'))
    .join(',')
