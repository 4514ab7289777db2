/** From a resource and a request to a response: which coding, whether it is wanted at all, and which part of it. */
import { byteRanges, evaluatePreconditions, ifRangeHolds, preferredEncoding, type ByteRange } from '@tsgi/http-fields'
import { headers, type Body, type Environ, type HeaderList, type StartResponse } from '@tsgi/spec'
import { contentRange, multipart } from './byte-parts.ts'
import { FileBody, type FilePart } from './file-body.ts'
import { startText } from './plain-text.ts'
import type { Representation, Resource, Variant } from './resource.ts'
import type { Site } from './site.ts'

/** The file is no longer what it was when the resource was made, and nothing has been started. */
export const CHANGED: unique symbol = Symbol('changed')

const CONDITIONS = 1
const RANGE = 2
const ACCEPT_ENCODING = 4

/** What is sent, before it is known which part of it. */
interface Choice {
  readonly site: Site
  readonly resource: Resource
  readonly variant: Variant
  readonly representation: Representation
}

export function sendResource(
  site: Site,
  resource: Resource,
  environ: Environ,
  startResponse: StartResponse,
  maxRanges: number,
): Body | typeof CHANGED {
  const asked = whatIsAsked(environ.headers)
  const variant =
    resource.variants.length > 1 && (asked & ACCEPT_ENCODING) !== 0
      ? acceptedVariant(resource, environ.headers)
      : resource.variants[0]
  const representation = variant.representation ?? site.represent(resource, variant)
  if (representation === null) return CHANGED

  if ((asked & CONDITIONS) !== 0) {
    const outcome = evaluatePreconditions(environ.requestMethod, environ.headers, representation)
    if (outcome === 'failed') return startText(startResponse, 412)
    if (outcome === 'not modified') {
      startResponse(304, representation.notModifiedHeaders)
      return null
    }
  }
  if (environ.requestMethod === 'HEAD') {
    startResponse(200, representation.headers)
    return null
  }
  if ((asked & RANGE) !== 0) {
    const ranges = askedRanges(environ.headers, variant, representation, maxRanges)
    if (ranges === 'unsatisfiable') {
      return startText(startResponse, 416, ['content-range', `bytes */${representation.size}`])
    }
    if (ranges !== null) return sendRanges({ site, resource, variant, representation }, ranges, startResponse)
  }
  if (representation.bytes !== null) {
    startResponse(200, representation.headers)
    return representation.bytes
  }
  const whole = [{ first: 0, last: representation.size - 1 }]
  return stream({ site, resource, variant, representation }, whole, startResponse, 200, representation.headers)
}

/** One walk over the fields; most requests for a file have none of these. */
function whatIsAsked(headers: HeaderList): number {
  let asked = 0
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string
    if (name === 'accept-encoding') asked |= ACCEPT_ENCODING
    else if (name === 'range') asked |= RANGE
    else if (name.startsWith('if-')) asked |= CONDITIONS
  }
  return asked
}

/** A client that refuses every form there is gets the original: it can still say no, and there is nothing else to give. */
function acceptedVariant({ variants }: Resource, list: HeaderList): Variant {
  const codings = variants.flatMap(({ coding }) => coding ?? [])
  const chosen = preferredEncoding(headers(list, 'accept-encoding').join(','), codings)
  return variants.find(({ coding }) => coding === chosen) ?? variants[0]
}

function askedRanges(
  list: HeaderList,
  { coding }: Variant,
  representation: Representation,
  maxRanges: number,
): readonly ByteRange[] | 'unsatisfiable' | null {
  // Neither field is a list: what came twice is not understood, and so not honoured.
  const [range = '', ...more] = headers(list, 'range')
  const [ifRange, ...evenMore] = headers(list, 'if-range')
  if (more.length > 0 || evenMore.length > 0) return null
  if (ifRange !== undefined && !ifRangeHolds(ifRange, representation)) return null
  const ranges = byteRanges(range, representation.size, { maxRanges })
  // The coding would be taken for one of the multipart body, not of its parts.
  return coding !== null && ranges !== null && ranges.length > 1 && ranges !== 'unsatisfiable' ? null : ranges
}

function sendRanges(choice: Choice, ranges: readonly ByteRange[], startResponse: StartResponse): Body | typeof CHANGED {
  const { contentType } = choice.resource.description
  const { size, bytes, contentHeaders } = choice.representation
  const [only, ...others] = ranges as readonly [ByteRange, ...ByteRange[]]
  let parts: readonly FilePart[] = [only]
  let headers: HeaderList
  if (others.length === 0) {
    const length = String(only.last - only.first + 1)
    headers = ['content-type', contentType, 'content-length', length, ...contentHeaders]
    headers = [...headers, 'content-range', contentRange(only, size)]
  } else {
    const whole = multipart(ranges, size, contentType)
    parts = whole.parts
    headers = ['content-type', whole.contentType, 'content-length', String(whole.length), ...contentHeaders]
  }
  if (bytes === null) return stream(choice, parts, startResponse, 206, headers)
  startResponse(206, headers)
  return parts.map((part) => (typeof part === 'string' ? part : bytes.subarray(part.first, part.last + 1)))
}

function stream(
  { site, resource, variant }: Choice,
  parts: readonly FilePart[],
  startResponse: StartResponse,
  status: number,
  headers: HeaderList,
): Body | typeof CHANGED {
  const file = site.open(variant)
  if (file === null) return CHANGED
  const body = new FileBody(file, parts, site.blocks(resource, variant))
  try {
    startResponse(status, headers)
  } catch (error) {
    body.close()
    throw error
  }
  return body
}
