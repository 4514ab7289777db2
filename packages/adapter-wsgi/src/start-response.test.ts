import { expect, test, vi } from 'vitest'
import { startFrom } from './start-response.ts'

const started = (status: string, headers: readonly (readonly string[])[], ...excInfo: unknown[]) => {
  const startResponse = vi.fn()
  startFrom(startResponse, status, headers, excInfo[0])
  return startResponse.mock.calls[0]
}

test('the status becomes a number, the pairs a flat list with names in lower case', () => {
  const headers = [
    ['Content-Type', 'text/html'],
    ['Set-Cookie', 'a=1'],
    ['Set-Cookie', 'b=2'],
  ]
  expect(started('404 Not Found', headers)).toEqual([
    404,
    ['content-type', 'text/html', 'set-cookie', 'a=1', 'set-cookie', 'b=2'],
  ])
})

test('a reason may be empty, or in Latin-1', () => {
  expect(started('299 ', [])?.[0]).toBe(299)
  expect(started('200 Très bien', [])?.[0]).toBe(200)
})

test('an error is passed on as a third argument, None as none', () => {
  const error = new Error('oops')
  expect(started('500 Oops', [], error)).toEqual([500, [], error])
  expect(started('500 Oops', [], [Error, error, null])).toEqual([500, [], error])
  expect(started('200 OK', [], null)).toHaveLength(2)
  expect(started('200 OK', [], undefined)).toHaveLength(2)
})

test.each(['200', '200OK', ' 200 OK', '20 OK', '2000 OK', 'OK', '200 OK\r\nX: 1'])('%j is no status', (status) => {
  expect(() => started(status, [])).toThrow(TypeError)
})

test('a number for a status is told that it is TSGI’s', () => {
  expect(() => started(200 as unknown as string, [])).toThrow('serve the function without this adapter')
})

test.each([
  ['a flat list', ['Content-Type', 'text/html']],
  ['an object', { 'Content-Type': 'text/html' }],
  ['a pair of three', [['A', 'b', 'c']]],
  ['a number as value', [['Content-Length', 5]]],
  ['nothing', undefined],
])('%s is no list of headers', (_, headers) => {
  expect(() => started('200 OK', headers as never)).toThrow(/list of pairs/)
})
