/** What is not asked over HTTP/2, besides behaviours of RFC 9112: by the behaviour's id, and why. */
const BYTES = 'HTTP/2 has no such bytes: its library refuses them at the sender'
const VERSION = 'HTTP/2 says no version in its messages'
const CONTINUES = 'in HTTP/2 the stream ends, and the connection continues'
const BEFORE = 'a head that is much too large is not answered, its stream is reset'

export const HTTP2_CANNOT: Readonly<Record<string, string>> = {
  'environ-protocol': 'gives HTTP/2',
  'environ-protocol-1.0': VERSION,
  'environ-no-host': VERSION,
  'early-hints-1.0': VERSION,
  'version-2': VERSION,
  'version-0': VERSION,
  'version-answered': VERSION,
  'version-minor': VERSION,
  'close-asked': CONTINUES,
  'input-error-status': CONTINUES,
  connect: 'CONNECT is of another shape in HTTP/2',
  'method-no-token': BYTES,
  'name-empty': BYTES,
  'name-no-token': BYTES,
  'name-space': BYTES,
  'name-high-byte': BYTES,
  'value-nul': BYTES,
  'value-control': BYTES,
  'value-del': BYTES,
  'length-zeros': BYTES,
  'length-overflow': BYTES,
  'trailer-length': BYTES,
  'trailer-coding': BYTES,
  'underscore-length': 'its own tests ask it with frames',
  'underscore-coding': 'its own tests ask it with frames',
  'expectation-unknown': 'its own tests ask it with frames',
  'field-too-large': BEFORE,
  'fields-too-many': BEFORE,
  'trailers-too-large': BEFORE,
  'slow-head': 'a head of HTTP/2 is not seen before it is whole',
}
