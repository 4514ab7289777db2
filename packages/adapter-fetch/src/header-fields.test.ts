import { expect, test } from 'vitest'
import { toFields } from './header-fields.ts'

/** As GraphQL Yoga's: names keep their case, and cookies are joined where all fields are asked for. */
class ForeignHeaders {
  *[Symbol.iterator](): IterableIterator<[string, string]> {
    yield ['Content-Type', 'text/plain']
    yield ['Set-Cookie', 'a=1, b=2']
  }
  getSetCookie(): string[] {
    return ['a=1', 'b=2']
  }
}

test('fields of another class of Headers are in lower case, a field for each cookie', () => {
  expect(toFields(new ForeignHeaders() as unknown as Headers)).toEqual([
    'content-type',
    'text/plain',
    'set-cookie',
    'a=1',
    'set-cookie',
    'b=2',
  ])
})

test('fields of the platform are as they are', () => {
  expect(
    toFields(
      new Headers([
        ['B', '1'],
        ['Set-Cookie', 'a=1'],
        ['Set-Cookie', 'b=2'],
      ]),
    ),
  ).toEqual(['b', '1', 'set-cookie', 'a=1', 'set-cookie', 'b=2'])
})
