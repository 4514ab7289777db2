/** New inputs from old ones: bytes changed, cut out, put in, repeated, and two inputs joined. */
import type { Random } from './random.ts'

/** What a parser of HTTP decides by. */
const PIECES = [
  '\r\n',
  '\n',
  '\r',
  '\r\n\r\n',
  ' ',
  '	',
  '\0',
  ':',
  ',',
  ';',
  '=',
  '"',
  '\\',
  '?',
  '#',
  '*',
  '/',
  '@',
  '%00',
  '0',
  '1',
  'f',
  '0x1',
  '-1',
  '+1',
  '00',
  'ffffffffffffffff',
  '9007199254740992',
  '18446744073709551616',
  'GET ',
  'POST ',
  'HEAD ',
  'OPTIONS ',
  'CONNECT ',
  ' HTTP/1.1',
  ' HTTP/1.0',
  ' HTTP/1.9',
  ' HTTP/2.0',
  'Host: b\r\n',
  'Content-Length: 3\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Transfer-Encoding: gzip, chunked\r\n',
  'Connection: close\r\n',
  'Connection: keep-alive, upgrade\r\n',
  'Upgrade: websocket\r\n',
  'Expect: 100-continue\r\n',
  'Trailer: x\r\n',
  'X: y\r\n',
  ' folded\r\n',
  'content_length: 3\r\n',
  '3\r\nabc\r\n',
  '0\r\n\r\n',
  '',
  'ÿ',
  '',
]
/** Beyond it an input is cut, so that they do not grow without end. */
const LONGEST = 4096

export function mutate(corpus: readonly string[], random: Random): string {
  let text = random.pick(corpus)
  for (let times = 1 + random.below(4); times > 0; times--) text = changed(text, corpus, random)
  return text.slice(0, LONGEST)
}

function changed(text: string, corpus: readonly string[], random: Random): string {
  const at = random.below(text.length + 1)
  const other = random.below(text.length + 1)
  const put = (piece: string, cut = 0): string => text.slice(0, at) + piece + text.slice(at + cut)
  switch (random.below(8)) {
    case 0:
      return put(String.fromCharCode(random.below(256)), 1)
    case 1:
      return put('', 1 + random.below(8))
    case 2:
      return put(random.pick(PIECES))
    case 3:
      return put(random.pick(PIECES), 1 + random.below(12))
    case 4:
      return put(text.slice(other, other + random.below(40)))
    case 5:
      return put(random.pick(PIECES).repeat(1 + random.below(40)))
    case 6:
      return text.slice(0, at) + random.pick(corpus).slice(other)
    default:
      return text + random.pick(corpus)
  }
}
