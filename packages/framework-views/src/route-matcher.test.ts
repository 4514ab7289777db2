import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CONVERTERS } from './converters.ts'
import { matcherOf } from './route-matcher.ts'
import { parseRoute, routePattern } from './route.ts'

describe('matcherOf', () => {
  it.each([
    '',
    'a',
    '<str:a>',
    '<path:a>/edit',
    '<int:a>/<str:b>',
    '<int:a>-<slug:b>',
    '<uuid:a>-<str:b>',
    '<slug:a>.<slug:b>',
  ])('leaves %s to a regular expression, which has one place to try', (route) => {
    expect(matcherOf(parseRoute(route, CONVERTERS))).toBeUndefined()
  })

  const routes = [
    '<str:a>-<str:b>',
    '<str:a><int:b>x',
    'a<path:a>/<path:b>/<str:c>',
    '<slug:a>--<slug:b>-',
    '<path:a>a<int:b>1<path:c>',
  ]
  it.each(routes)('finds for %s what the regular expression finds', (route) => {
    const parts = parseRoute(route, CONVERTERS)
    const matcher = matcherOf(parts)
    const regex = new RegExp(`^${routePattern(parts)}$`, 'u')
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', '1', '-', '/', 'x', '\0', '😀'), maxLength: 12 }),
        (subject) => {
          expect(matcher?.(subject)).toEqual(regex.exec(subject)?.slice(1))
        },
      ),
      { numRuns: 500 },
    )
  })
})
