/** Faults of Host and of other fields. */
import type { Force } from '../../force.ts'
import { GET, POST, type Refusal } from './refusal.ts'

/** What is larger than a server wishes to process MUST be some 4xx (RFC 9110 §5.4): 431 is ours, and so is the limit. */
const tooLarge = (status: number): Force => (status >= 500 ? 'must' : 'ours')

/** An invalid value of Host MUST be answered with 400 (RFC 9112 §3.2). */
export const HOSTS: readonly Refusal[] = [
  {
    id: 'host-missing',
    title: 'refuses HTTP/1.1 without Host',
    clause: 'RFC 9112 §3.2',
    force: 'must',
    send: 'GET / HTTP/1.1\r\n\r\n',
  },
  {
    id: 'host-twice',
    title: 'refuses two Hosts',
    clause: 'RFC 9112 §3.2',
    force: 'must',
    send: `${GET}Host: other.example\r\n\r\n`,
  },
  {
    id: 'host-twice-equal',
    title: 'refuses the same Host twice',
    clause: 'RFC 9112 §3.2',
    force: 'must',
    send: `${GET}Host: {host}\r\n\r\n`,
  },
  {
    id: 'host-userinfo',
    title: 'refuses a Host with userinfo',
    clause: 'RFC 9112 §3.2',
    force: 'must',
    send: 'GET / HTTP/1.1\r\nHost: user@{host}\r\n\r\n',
  },
  {
    id: 'host-path',
    title: 'refuses a Host with a path',
    clause: 'RFC 9112 §3.2',
    force: 'must',
    send: 'GET / HTTP/1.1\r\nHost: {host}/admin\r\n\r\n',
  },
  {
    id: 'host-list',
    title: 'refuses a Host that is a list',
    clause: 'RFC 9112 §3.2',
    force: 'must',
    send: 'GET / HTTP/1.1\r\nHost: a.example, b.example\r\n\r\n',
  },
  {
    id: 'host-space',
    title: 'refuses a Host with a space in it',
    clause: 'RFC 9112 §3.2',
    force: 'must',
    send: 'GET / HTTP/1.1\r\nHost: a b\r\n\r\n',
  },
  {
    id: 'host-empty',
    title: 'refuses an empty Host',
    clause: 'RFC 9112 §3.3',
    // A server "can" reject it, or use its default.
    force: 'ours',
    send: 'GET / HTTP/1.1\r\nHost:\r\n\r\n',
  },
  {
    id: 'host-port-word',
    title: 'refuses a Host whose port is no number',
    clause: 'RFC 9112 §3.2',
    force: 'must',
    send: 'GET / HTTP/1.1\r\nHost: a.example:http\r\n\r\n',
  },
]

export const FIELDS: readonly Refusal[] = [
  {
    id: 'space-before-colon',
    title: 'refuses a space between name and colon',
    clause: 'RFC 9112 §5.1',
    force: 'must',
    send: `${GET}A : b\r\n\r\n`,
  },
  {
    id: 'tab-before-colon',
    title: 'refuses a tab between name and colon',
    clause: 'RFC 9112 §5.1',
    force: 'must',
    send: `${GET}A\t: b\r\n\r\n`,
  },
  {
    id: 'folding',
    title: 'refuses line folding',
    clause: 'RFC 9112 §5.2',
    // It may replace the fold by spaces as well.
    force: 'ours',
    send: `${GET}A: b\r\n c\r\n\r\n`,
  },
  {
    id: 'folding-tab',
    title: 'refuses line folding by a tab',
    clause: 'RFC 9112 §5.2',
    force: 'ours',
    send: `${GET}A: b\r\n\tc\r\n\r\n`,
  },
  {
    id: 'name-empty',
    title: 'refuses an empty name',
    clause: 'RFC 9110 §5.1',
    force: 'should',
    send: `${GET}: b\r\n\r\n`,
  },
  {
    id: 'name-no-token',
    title: 'refuses a name that is no token',
    clause: 'RFC 9110 §5.1',
    force: 'should',
    send: `${GET}A(b): c\r\n\r\n`,
  },
  {
    id: 'name-space',
    title: 'refuses a name with a space in it',
    clause: 'RFC 9110 §5.1',
    force: 'should',
    send: `${GET}A b: c\r\n\r\n`,
  },
  {
    id: 'name-high-byte',
    title: 'refuses a name with a byte over 0x7E',
    clause: 'RFC 9110 §5.1',
    force: 'should',
    send: `${GET}caf\xe9: c\r\n\r\n`,
  },
  {
    id: 'no-colon',
    title: 'refuses a line without a colon',
    clause: 'RFC 9112 §5',
    force: 'should',
    send: `${GET}Abc\r\n\r\n`,
  },
  {
    id: 'value-nul',
    title: 'refuses a NUL in a value',
    clause: 'RFC 9110 §5.5',
    // It may replace the NUL by a space as well.
    force: 'ours',
    send: `${GET}A: b\x00c\r\n\r\n`,
  },
  {
    id: 'value-control',
    title: 'refuses a control byte in a value',
    clause: 'RFC 9110 §5.5',
    // It may keep other control bytes.
    force: 'ours',
    send: `${GET}A: b\x01c\r\n\r\n`,
  },
  {
    id: 'value-del',
    title: 'refuses a DEL in a value',
    clause: 'RFC 9110 §5.5',
    force: 'ours',
    send: `${GET}A: b\x7fc\r\n\r\n`,
  },
  {
    id: 'field-too-large',
    title: 'answers 431 to a field of 256 KiB',
    clause: 'RFC 9110 §5.4',
    force: tooLarge,
    status: [431],
    send: `${GET}A: ${'b'.repeat(262_144)}\r\n\r\n`,
  },
  {
    id: 'fields-too-many',
    title: 'answers 431 to 5,000 fields',
    clause: 'RFC 9110 §5.4',
    force: tooLarge,
    status: [431],
    send: `${GET}${'A: b\r\n'.repeat(5000)}\r\n`,
  },
  {
    id: 'underscore-length',
    title: 'refuses content_length',
    clause: 'RFC 9110 §17.10',
    force: 'ours',
    send: `${POST}Content_Length: 3\r\nContent-Length: 3\r\n\r\nabc`,
  },
  {
    id: 'underscore-coding',
    title: 'refuses transfer_encoding',
    clause: 'RFC 9110 §17.10',
    force: 'ours',
    send: `${POST}Transfer_Encoding: chunked\r\nContent-Length: 3\r\n\r\nabc`,
  },
  {
    id: 'expectation-unknown',
    title: 'answers 417 to an unknown expectation',
    clause: 'RFC 9110 §10.1.1',
    // 417 is a MAY.
    force: 'ours',
    status: [417],
    send: `${POST}Expect: a-miracle\r\nContent-Length: 3\r\n\r\nabc`,
  },
]
