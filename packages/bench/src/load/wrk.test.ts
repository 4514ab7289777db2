import { expect, test } from 'vitest'
import { readOutput } from './wrk.ts'

const OUTPUT = `Running 2s test @ http://127.0.0.1:3000
  1 threads and 64 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     1.26ms  200.00us   9.00ms   90.00%
  50000 requests in 2.00s, 6.20MB read
Requests/sec:  25000.00
Transfer/sec:      3.10MB
`

test('tells how many requests there were', () => {
  expect(readOutput(OUTPUT)).toEqual({ requests: 50_000, errors: 0, trouble: null })
})

test('counts errors of both kinds', () => {
  const troubles = 'Socket errors: connect 1, read 2, write 0, timeout 3\n  Non-2xx or 3xx responses: 10\nRequests/sec'
  expect(readOutput(OUTPUT.replace('Requests/sec', troubles))).toMatchObject({
    errors: 16,
    trouble: 'Socket errors: connect 1, read 2, write 0, timeout 3, Non-2xx or 3xx responses: 10',
  })
})

test('output that is not understood is an error', () => {
  expect(() => readOutput('unable to connect')).toThrow('unable to connect')
})
