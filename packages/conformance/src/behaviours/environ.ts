/** What an application is told about a request: SPEC E and P. */
import type { Environ } from '@tsgi/spec'
import type { Behaviour, BehaviourApp, Proof } from '../behaviour.ts'
import type { Case, RequestParts } from '../case.ts'
import type { SpecClause } from '../clause.ts'
import { holds, same, show, withForce } from '../mismatch.ts'
import { member } from './apps.ts'

const schemeOf = ({ target }: Case): string => (target.secure === true ? 'https' : 'http')

async function json(t: Case, path: string, parts: RequestParts = {}): Promise<unknown> {
  const answer = await t.request(path, parts)
  same('status', answer.status, 200)
  return JSON.parse(answer.text) as unknown
}

/** Sends a request and compares one thing that the application saw. */
function told(
  id: string,
  title: string,
  proof: Proof | SpecClause,
  pick: (environ: Environ) => unknown,
  ask: { readonly more?: string; readonly parts?: RequestParts; readonly raw?: (t: Case) => string },
  expected: (t: Case) => unknown,
): Behaviour {
  return {
    id,
    title,
    ...(typeof proof === 'string' ? { clause: proof } : proof),
    level: 1,
    app: member(pick) as BehaviourApp,
    async check(t) {
      if (ask.raw === undefined) {
        const [path = '', query] = t.path.split('?')
        same('what the application saw', await json(t, `${path}${ask.more ?? ''}?${query}`, ask.parts), expected(t))
        return
      }
      const answer = await (await t.connect()).send(ask.raw(t)).response()
      same('what the application saw', JSON.parse(answer.text), expected(t))
    },
  }
}

const fieldsNamed = (environ: Environ, name: string): string[] =>
  environ.headers.filter((_, index, list) => index % 2 === 1 && list[index - 1] === name)

export const ENVIRON: readonly Behaviour[] = [
  told(
    'environ-method',
    'gives the method as sent, an unknown one too',
    'E.4',
    (e) => e.requestMethod,
    { parts: { method: 'PROPfind' } },
    () => 'PROPfind',
  ),
  told(
    'environ-query',
    'gives the query as sent',
    'E.5',
    (e) => e.queryString.replace(/^case=[^&]*&?/, ''),
    { raw: (t) => t.text(t.with('a=%20+?&b={"|^`}')) },
    () => 'a=%20+?&b={"|^`}',
  ),
  told(
    'environ-host',
    'gives host and port that the client asked for',
    'E.6',
    (e) => [e.serverName, e.serverPort],
    { raw: (t) => `GET ${t.path} HTTP/1.1\r\nHost: shop.example:8080\r\n\r\n` },
    () => ['shop.example', 8080],
  ),
  told(
    'environ-host-default-port',
    'gives the default port of the scheme where Host has none',
    'E.6',
    (e) => [e.serverName, e.serverPort],
    { raw: (t) => `GET ${t.path} HTTP/1.1\r\nHost: shop.example\r\n\r\n` },
    (t) => ['shop.example', t.target.secure === true ? 443 : 80],
  ),
  told(
    'environ-host-ipv6',
    'keeps the brackets of an IPv6 host',
    'E.6',
    (e) => [e.serverName, e.serverPort],
    { raw: (t) => `GET ${t.path} HTTP/1.1\r\nHost: [::1]:81\r\n\r\n` },
    () => ['[::1]', 81],
  ),
  told(
    'environ-no-host',
    'gives the listener to HTTP/1.0 without Host',
    'E.6',
    (e) => e.serverPort,
    { raw: (t) => `GET ${t.path} HTTP/1.0\r\n\r\n` },
    (t) => t.target.port,
  ),
  told(
    'environ-protocol',
    'gives HTTP/1.1',
    'E.7',
    (e) => e.serverProtocol,
    {},
    () => 'HTTP/1.1',
  ),
  told(
    'environ-protocol-1.0',
    'gives HTTP/1.0',
    'E.7',
    (e) => e.serverProtocol,
    { raw: (t) => `GET ${t.path} HTTP/1.0\r\n\r\n` },
    () => 'HTTP/1.0',
  ),
  told(
    'environ-remote',
    "gives the client's bare address",
    'E.9',
    (e) => e.remoteAddr,
    {},
    (t) => t.target.host,
  ),
  told(
    'environ-untrusted',
    'believes forwarding fields of nobody unless told to',
    'T.1',
    (e) => [e.remoteAddr, e.urlScheme, e['tsgi.peer'] ?? null],
    {
      parts: {
        fields: ['X-Forwarded-For: 203.0.113.7', 'X-Forwarded-Proto: https', 'Forwarded: for=203.0.113.7;proto=https'],
      },
    },
    (t) => [t.target.host, schemeOf(t), null],
  ),
  {
    ...told(
      'environ-trusted',
      'believes the proxies that its operator names',
      'T.1',
      (e) => [e.remoteAddr, e.urlScheme, (e['tsgi.peer'] as { address?: unknown } | undefined)?.address],
      { parts: { fields: ['X-Forwarded-For: 203.0.113.7', 'X-Forwarded-Proto: https'] } },
      (t) => ['203.0.113.7', 'https', t.target.host],
    ),
    options: { trustedProxies: ['127.0.0.0/8', '::1'] },
  },
  told(
    'environ-fields-order',
    'keeps the order and the repeats of fields, names in lower case',
    'E.10',
    (e) => e.headers.filter((_, i, list) => list[i - (i % 2)]?.startsWith('x-')),
    { parts: { fields: ['X-B: 1', 'x-A: 2', 'X-b: 3'] } },
    () => ['x-b', '1', 'x-a', '2', 'x-b', '3'],
  ),
  told(
    'environ-field-trimmed',
    'trims spaces and tabs around a value, not within it',
    { clause: 'RFC 9110 §5.5', force: 'must' },
    (e) => fieldsNamed(e, 'x-a'),
    { parts: { fields: ['X-A:\t  a \t b \t '] } },
    () => ['a \t b'],
  ),
  told(
    'environ-field-empty',
    'keeps an empty value',
    'E.10',
    (e) => fieldsNamed(e, 'x-a'),
    { parts: { fields: ['X-A:'] } },
    () => [''],
  ),
  told(
    'environ-field-bytes',
    'gives bytes over 0x7F of a value one character each',
    'H.3',
    (e) => fieldsNamed(e, 'x-a'),
    { parts: { fields: ['X-A: caf\xe9 \xff'] } },
    () => ['caf\xe9 \xff'],
  ),
  told(
    'environ-flags',
    'gives three booleans about processes and overlap',
    'E.11',
    (e) => [typeof e.multithread, typeof e.multiprocess, typeof e.runOnce],
    {},
    () => ['boolean', 'boolean', 'boolean'],
  ),
  told(
    'environ-version',
    'gives version 1',
    'E.3',
    (e) => e.version[0],
    {},
    () => 1,
  ),
  told(
    'environ-process',
    'holds nothing of the environment of the process',
    'E.14',
    (e) => Object.keys(e).filter((key) => key in process.env),
    {},
    () => [],
  ),
  told(
    'environ-data',
    'is an own, enumerable, JSON-safe plain object',
    'E.1',
    (e) => {
      const { input: _input, errors: _errors, server: _server, ...data } = e
      return [
        Object.getPrototypeOf(e) === Object.prototype,
        Object.keys(JSON.parse(JSON.stringify(data)) as object).includes('pathInfo'),
      ]
    },
    {},
    () => [true, true],
  ),
  told(
    'path-encoded',
    'gives the path as sent, escapes kept',
    'P.1',
    (e) => e.scriptName + e.pathInfo,
    { more: '/%2F%61/caf%C3%A9' },
    (t) => `${t.path.split('?')[0]}/%2F%61/caf%C3%A9`,
  ),
  told(
    'path-dots',
    'does not normalise the path',
    'P.1',
    (e) => e.scriptName + e.pathInfo,
    { more: '//a/./b/../c/' },
    (t) => `${t.path.split('?')[0]}//a/./b/../c/`,
  ),
  told(
    'path-absolute-form',
    'takes path and host of an absolute-form target',
    'P.5',
    (e) => [e.serverName, e.serverPort, e.pathInfo.startsWith('/-/'), fieldsNamed(e, 'host')],
    { raw: (t) => `GET http://shop.example:81${t.path} HTTP/1.1\r\nHost: other.example\r\n\r\n` },
    () => ['shop.example', 81, true, ['shop.example:81']],
  ),
  {
    id: 'options-star',
    title: 'answers OPTIONS * itself, with Allow',
    clause: 'RFC 9110 §9.3.7',
    // OPTIONS is optional; only Allow in a successful answer is a SHOULD.
    force: 'should',
    level: 2,
    async check(t) {
      const answer = await t.request('*', { method: 'OPTIONS' })
      withForce('ours', () => holds(answer.status === 204 || answer.status === 200, '204', String(answer.status)))
      holds(answer.field('allow') !== undefined, 'an Allow field', show(answer.fields))
    },
  },
  {
    id: 'environ-fresh',
    title: 'gives each request an environ and a header list of its own',
    clause: 'C.6',
    level: 1,
    app: (() => {
      const seen = new WeakSet<object>()
      return (environ, startResponse) => {
        const again = seen.has(environ) || seen.has(environ.headers)
        seen.add(environ).add(environ.headers)
        startResponse(200, ['content-type', 'text/plain'])
        return again ? 'again' : 'new'
      }
    })(),
    async check(t) {
      const wire = await t.connect()
      for (let i = 0; i < 3; i++) same('environ', (await wire.send(t.text(t.path)).response()).text, 'new')
    },
  },
]
