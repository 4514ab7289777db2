/** A little of the kit over HTTP/2; all of it, on each of our servers, is in the slow tier. */
import { conform, HTTP2_CANNOT, SERVER_BEHAVIOURS } from '@tsgi/conformance'
import { serverModule } from '@tsgi/server-event-loop'
import { describe, expect, test } from 'vitest'

const FEW = ['boot-', 'body-string', 'head-null', 'input-length', 'input-own-bytes', 'gone-signal', 'trailers-']

describe('the kit over HTTP/2', () => {
  test('shows what every server does first', async () => {
    const { outcomes } = await conform(serverModule, { only: FEW, http2: true })
    expect(outcomes.filter(({ kind }) => kind === 'failed' || kind === 'blocked')).toEqual([])
    expect(outcomes.filter(({ kind }) => kind === 'passed').length).toBeGreaterThan(8)
  })

  test('excuses nothing that does not exist', () => {
    const known = new Set(SERVER_BEHAVIOURS.map(({ id }) => id))
    expect(Object.keys(HTTP2_CANNOT).filter((id) => !known.has(id))).toEqual([])
  })
})
