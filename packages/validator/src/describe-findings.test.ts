import { expect, test } from 'vitest'
import { describeFindings } from './describe-findings.ts'
import { Finding } from './finding.ts'

const short = (request: string | null, done = 'The body had 5 bytes'): Finding =>
  new Finding('TSGI_V_LENGTH_SHORT', done, { outer: 'server', inner: 'app', request, trace: null })

test('the same breach is told once, with the requests that it was seen in', () => {
  const requests = ['GET /', 'GET /', 'GET /a', 'POST /$&', 'PUT /b', 'BREW /c']
  const told = describeFindings([...requests.map((request) => short(request)), short('GET /', 'The body had 6 bytes')])
  expect(told).toHaveLength(2)
  expect(told[0]).toContain('\n  in GET /, GET /a, POST /$& and 2 more, 6 times\n')
  expect(told[1]).toContain('\n  in GET /\n')
})

test('one that concerns no request is told as it is', () => {
  expect(describeFindings([short(null), short(null)])).toEqual([String(short(null))])
})
