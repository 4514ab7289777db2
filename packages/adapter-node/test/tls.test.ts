/** `tsgi.tls`, given by Node's servers and shown to Node's applications. */
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import https, { type RequestOptions } from 'node:https'
import net, { type AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import tls, { type ConnectionOptions, type TLSSocket } from 'node:tls'
import type { Application } from '@tsgi/spec'
import { type Finding, validate } from '@tsgi/validator'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fromNodeListener } from '../src/from-node/index.ts'
import { toNodeListener } from '../src/to-node/index.ts'
import { AUTHORITY, CLIENT, SERVER } from './fixtures/certificates.ts'

const shown: Application = (environ, startResponse) => {
  startResponse(200, ['content-type', 'application/json'])
  return JSON.stringify(environ['tsgi.tls'] ?? 'none')
}

const ended = Promise.withResolvers<void>()
/** Answers when its client has ended its side. */
const slow: Application = async (_environ, startResponse) => {
  await ended.promise
  startResponse(200, ['content-type', 'text/plain'])
  return 'behind the end'
}

const application = fromNodeListener((request, response) => {
  const socket = request.socket as TLSSocket
  const { authorized, alpnProtocol, servername, encrypted } = socket as TLSSocket & { servername: unknown }
  const [protocol, cipher, certificate] = [
    socket.getProtocol(),
    socket.getCipher().standardName,
    socket.getPeerCertificate(),
  ]
  response.end(JSON.stringify({ authorized, alpnProtocol, servername, encrypted, protocol, cipher, certificate }))
})

const findings: Finding[] = []

describe('TLS of the connection', () => {
  const server = https.createServer({
    ...SERVER,
    ca: AUTHORITY,
    requestCert: true,
    rejectUnauthorized: false,
    ALPNProtocols: ['http/1.1'],
  })
  const routes: Application = (environ, startResponse) => {
    if (environ.pathInfo === '/slow') return slow(environ, startResponse)
    return (environ.pathInfo === '/node' ? application : shown)(environ, startResponse)
  }
  const ask = async (
    path: string,
    options: RequestOptions & Pick<ConnectionOptions, 'ALPNProtocols'>,
  ): Promise<unknown> => {
    const { port } = server.address() as AddressInfo
    const request = https.get({ port, path, host: '127.0.0.1', ca: AUTHORITY, agent: false, ...options })
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    expect(response.statusCode).toBe(200)
    return JSON.parse(await text(response))
  }
  beforeAll(async () => {
    toNodeListener(validate(routes, { report: findings })).attach(server)
    await once(server.listen(0, '127.0.0.1'), 'listening')
  })
  afterAll(() => {
    server.close()
    server.closeAllConnections()
    expect(findings).toEqual([])
  })

  test('of a client with a certificate has its subject', async () => {
    expect(await ask('/', { ...CLIENT, servername: 'localhost', ALPNProtocols: ['http/1.1'] })).toEqual({
      protocol: 'TLSv1.3',
      cipher: 'TLS_AES_256_GCM_SHA384',
      alpn: 'http/1.1',
      serverName: 'localhost',
      authorized: true,
      subject: 'CN=client,L=Zürich+OU=Clients,O=Acme\\, Inc.\\ ',
    })
  })

  test('of any other has none, and names the cipher as IANA does', async () => {
    const plain = { servername: '', rejectUnauthorized: false, maxVersion: 'TLSv1.2' } as const
    expect(await ask('/', plain)).toEqual({
      protocol: 'TLSv1.2',
      cipher: 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
      alpn: null,
      serverName: null,
      authorized: false,
      subject: null,
    })
  })

  test('is on the socket of a Node application', async () => {
    expect(await ask('/node', { ...CLIENT, servername: 'localhost', ALPNProtocols: ['http/1.1'] })).toEqual({
      authorized: true,
      alpnProtocol: 'http/1.1',
      servername: 'localhost',
      encrypted: true,
      protocol: 'TLSv1.3',
      cipher: 'TLS_AES_256_GCM_SHA384',
      certificate: { subject: { CN: 'client', L: 'Zürich', OU: 'Clients', O: 'Acme, Inc. ' } },
    })
  })

  test('lets a client end its side, and answers it', async () => {
    const { port } = server.address() as AddressInfo
    server.once('secureConnection', (socket) => socket.once('end', ended.resolve))
    const transport = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    const client = tls.connect({ socket: transport, rejectUnauthorized: false })
    await once(client, 'secureConnect')
    client.end('GET /slow HTTP/1.1\r\nhost: localhost\r\n\r\n')
    expect(await text(client)).toMatch(/^HTTP\/1\.1 200 [^]*behind the end$/)
  })
})
