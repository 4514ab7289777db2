/** What an HTTP/2 connection may cost (RFC 9113 §10.5). */
import type { ServerSessionOptions } from 'node:http2'
import type { Limits } from '@tsgi/spec/server'

/** Requests at once on a connection. */
export const MAX_STREAMS = 128
/** Bytes of a request's body that are on their way before the application reads them; of all requests of a connection this is 8 MiB. */
const STREAM_WINDOW = 64 * 1024
/** What the library may keep for a connection: heads, header tables and bytes that wait, in megabytes. */
const SESSION_MEMORY = 10
/** A head may be this much larger than the limit and still be answered 431; beyond, its stream is reset. */
const REFUSABLE = 4
/** RFC 9113 §6.5.2: what a field counts for in SETTINGS_MAX_HEADER_LIST_SIZE besides its letters. */
const FIELD_OVERHEAD = 32
const PSEUDO_FIELDS = 8

export function sessionOptions({ maxHeaderSize, maxHeaders, maxTargetSize }: Limits): ServerSessionOptions {
  const fields = maxHeaders + PSEUDO_FIELDS
  return {
    maxSessionMemory: SESSION_MEMORY,
    maxHeaderListPairs: fields * REFUSABLE,
    // Acknowledgements that the client does not take.
    maxOutstandingPings: 16,
    maxSettings: 32,
    maxSessionInvalidFrames: 100,
    maxSessionRejectedStreams: 100,
    // CVE-2023-44487: RST_STREAM frames at once, and a second.
    streamResetBurst: 200,
    streamResetRate: 33,
    // Which fields may repeat is the application's to know, as in HTTP/1.1.
    strictSingleValueFields: false,
    settings: {
      maxConcurrentStreams: MAX_STREAMS,
      initialWindowSize: STREAM_WINDOW,
      maxHeaderListSize: (maxHeaderSize + maxTargetSize + fields * FIELD_OVERHEAD) * REFUSABLE,
      enablePush: false,
    },
  } as ServerSessionOptions
}
