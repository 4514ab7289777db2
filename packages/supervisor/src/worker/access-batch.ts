/** Sends access records in batches, so that a request costs no message of its own. */
import type { AccessRecord } from '@tsgi/spec/server'
import type { Channel } from '../channel/worker-end.ts'

const LARGEST = 256
/** Characters of text in a batch, roughly. */
const LONGEST = 256 * 1024
const LONGEST_WAIT = 100

export interface AccessBatch {
  add(record: AccessRecord): void
  flush(): void
}

export function accessBatch(channel: Channel): AccessBatch {
  let records: AccessRecord[] = []
  let dropped = 0
  let length = 0
  let timer: NodeJS.Timeout | null = null
  const flush = (): void => {
    if (timer !== null) clearTimeout(timer)
    timer = null
    if (records.length === 0) return
    // A supervisor that does not read must not cost memory here.
    if (channel.roomy && channel.send({ type: 'access', records, dropped })) dropped = 0
    else dropped += records.length
    records = []
    length = 0
  }
  return {
    flush,
    add(record) {
      records.push(record)
      length += record.target.length
      for (const value of record.requestHeaders) length += value.length
      if (records.length >= LARGEST || length >= LONGEST) flush()
      else timer ??= setTimeout(flush, LONGEST_WAIT).unref()
    },
  }
}
