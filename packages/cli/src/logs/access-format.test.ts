import type { AccessRecord } from '@tsgi/spec/server'
import { describe, expect, it } from 'vitest'
import { parseAccessFormat } from './access-format.ts'

const FIELDS = Object.entries({
  host: 'site.example',
  referer: 'http://a/',
  'user-agent': 'curl/8.5.0',
  authorization: `Basic ${btoa('ann:secret')}`,
  'x-request-id': 'r-1',
  'x-evil': 'a"\\\x1b',
}).flat()

const RECORD: AccessRecord = {
  time: Date.UTC(2026, 10, 3, 4, 5, 6, 789),
  remoteAddr: '203.0.113.7',
  method: 'GET',
  target: '/hello?a=1',
  protocol: 'HTTP/1.1',
  status: 200,
  bytes: 12,
  duration: 1234.56789,
  requestHeaders: FIELDS,
  complete: true,
}

function line(text: string, changes: Partial<AccessRecord> = {}): string {
  const format = parseAccessFormat(text)
  return typeof format === 'function' ? format({ ...RECORD, ...changes }) : format.problem
}

describe('a line of one’s own', () => {
  it.each([
    ['%(h)s %(l)s %(u)s', '203.0.113.7 - ann'],
    ['"%(r)s" %(s)s %(b)s %(B)s', '"GET /hello?a=1 HTTP/1.1" 200 12 12'],
    ['%(m)s %(U)s %(q)s %(H)s', 'GET /hello a=1 HTTP/1.1'],
    ['%(T)s %(M)s %(D)s %(L)s', '1 1235 1234568 1.234568'],
    ['%(f)s %(a)s %({X-Request-Id}i)s %({x-none}i)s', 'http://a/ curl/8.5.0 r-1 -'],
    ['100%% %(s)s', '100% 200'],
  ])('has gunicorn’s fields: %s', (text, expected) => expect(line(text)).toBe(`${expected}\n`))

  it.each([
    ['$remote_addr - $remote_user', '203.0.113.7 - ann'],
    ['"$request" $status $body_bytes_sent', '"GET /hello?a=1 HTTP/1.1" 200 12'],
    ['$request_method $uri $args $request_uri $server_protocol', 'GET /hello a=1 /hello?a=1 HTTP/1.1'],
    ['$request_time $msec $request_completion.', '1.235 1793678708.024 OK.'],
    ['$host $http_user_agent ${http_x_request_id}_', 'site.example curl/8.5.0 r-1_'],
    ['$time_iso8601', '2026-11-03T04:05:06.789Z'],
  ])('has nginx’s fields: %s', (text, expected) => expect(line(text)).toBe(`${expected}\n`))

  it('has what a client sent without what could end a line or drive a terminal', () => {
    expect(line('"$http_x_evil"')).toBe('"a\\"\\\\\\x1B"\n')
    expect(line('%(q)s', { target: '/?\x07' })).toBe('\\x07\n')
  })

  it('says what is absent by a dash', () => {
    const absent = { remoteAddr: null, bytes: 0, target: '/', requestHeaders: [] }
    expect(line('%(h)s %(u)s %(b)s $args $remote_addr $http_host', absent)).toBe('- - - - - -\n')
  })

  it.each([
    ['%(x)s', 'the field %(x)s is not known here'],
    ['%({content-type}o)s', 'the field %({content-type}o)s is not known here'],
    ['$upstream_addr', 'the field $upstream_addr is not known here'],
    ['$constructor', 'the field $constructor is not known here'],
    ['%(toString)s', 'the field %(toString)s is not known here'],
    ['hello', 'it has no field'],
  ])('is refused where a field is unknown: %s', (text, problem) => expect(line(text)).toBe(problem))
})
