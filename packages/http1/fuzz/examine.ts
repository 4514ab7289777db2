/** What must hold of any bytes whatever. */
import { collect, type Told } from '../test/collect.ts'
import { bothReadings } from '../test/same-meaning.ts'
import type { Random } from './random.ts'

/** A rule that some input breaks. */
export class Finding extends Error {
  override name = 'Finding'
}

/** Small, so that inputs reach them. */
const limits = { maxTargetSize: 200, maxHeaderSize: 1000, maxHeaders: 20, maxBodySize: 2000 }

/**
 * Parses an input in several ways and compares them.
 *
 * @returns what kind of input it was: two with the same text took much the same way through the parser
 * @throws Finding
 */
export async function examine(input: string, random: Random): Promise<string> {
  const bytes = Buffer.from(input, 'latin1')
  const whole = parse([bytes])
  for (const [how, pieces] of cuttings(bytes, random)) {
    const told = parse(pieces)
    if (JSON.stringify(told) !== JSON.stringify(whole)) {
      throw new Finding(`${how} it is\n${JSON.stringify(told)}\nand whole\n${JSON.stringify(whole)}`)
    }
  }
  inspect(whole)
  await compare(bytes, whole)
  return whole.map(kindOf).join(' ')
}

function parse(pieces: readonly Buffer[]): Told[] {
  try {
    return collect(pieces, { limits })
  } catch (error) {
    throw new Finding(`it throws: ${error instanceof Error ? error.stack : String(error)}`)
  }
}

function* cuttings(bytes: Buffer, random: Random): Generator<readonly [string, readonly Buffer[]]> {
  if (bytes.length < 2) return
  yield ['byte by byte', Array.from(bytes, (byte) => Buffer.of(byte))]
  const cut = 1 + random.below(bytes.length - 1)
  yield [`cut at ${cut}`, [bytes.subarray(0, cut), bytes.subarray(cut)]]
}

/** An order that a server can rely on, and heads that an application can. */
function inspect(told: readonly Told[]): void {
  let open = false
  for (const [i, event] of told.entries()) {
    const isLast = i === told.length - 1
    if ((event.type === 'error' || event.type === 'eof') !== isLast)
      throw new Finding(`${event.type} is event ${i} of ${told.length}`)
    if (event.type === 'request') {
      if (open) throw new Finding('a request begins within another')
      open = true
      const broken = event.headers.find((text, j) => !(j % 2 === 0 ? NAME : VALUE).test(text))
      if (broken !== undefined) throw new Finding(`the field ${JSON.stringify(broken)} is given to the application`)
      if (!/^(\/[\x21-\x7e]*|\*)$/.test(event.path) || event.path.includes('#')) {
        throw new Finding(`the path ${JSON.stringify(event.path)} is given to the application`)
      }
    }
    if (event.type === 'data' && !open) throw new Finding('data outside of a request')
    if (event.type === 'end') {
      if (!open) throw new Finding('the end of no request')
      open = false
    }
    if (event.type === 'eof' && open) throw new Finding('the end of the stream within a request')
  }
}

const NAME = /^[a-z0-9!#$%&'*+.^_`|~-]+$/
const VALUE = /^([\x21-\x7e\x80-\xff]([\t\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?)?$/

async function compare(bytes: Buffer, told: readonly Told[]): Promise<void> {
  if (!told.some(({ type }) => type === 'end')) return
  const readings = await bothReadings(bytes, told)
  if (readings === null) return
  const [ours, theirs] = [JSON.stringify(readings.ours), JSON.stringify(readings.theirs)]
  if (ours !== theirs) throw new Finding(`it reads\n${ours}\nand the runtime's parser\n${theirs}`)
}

function kindOf(event: Told): string {
  switch (event.type) {
    case 'request': {
      const body = event.bodyLength < 0 ? 'chunked' : event.bodyLength > 0 ? 'length' : 'none'
      const flags = [event.keepAlive, event.expectContinue, event.upgrade !== null].map(Number).join('')
      return `request/1.${event.minorVersion}/${body}/${flags}`
    }
    case 'end':
      return event.trailers === null ? 'end' : 'end+trailers'
    case 'error':
      // Messages name the byte that came; what is wrong is what counts.
      return `error/${event.status}/${event.incomplete}/${event.message.replaceAll(/'.'|0x\w+|\d+|"[^"]*"/g, '_')}`
    default:
      return event.type
  }
}
