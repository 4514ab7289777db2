import { expect, test } from 'vitest'
import type { PaceResult } from '../load/pace.ts'
import { voidCeiling, voidPace } from './void-rules.ts'

const ceiling = { requests: 1000, elapsed: 1, errors: 0, trouble: null, generatorBusy: 0.5 }
const check = { answered: 20, errors: 0, wrong: 0, trouble: null, elapsed: 1 }
const paced: PaceResult = {
  offered: 1000,
  answered: 1000,
  achieved: 1,
  waited: 0,
  errors: 0,
  wrong: 0,
  trouble: null,
  latencies: '',
  lateness: 100,
  generatorBusy: 0.5,
}

test('what is in order is not void', () => {
  expect([voidCeiling(ceiling, check), voidPace(paced)]).toEqual([[], []])
  expect(voidCeiling({ ...ceiling, generatorBusy: null }, check)).toEqual([])
  expect(voidPace({ ...paced, achieved: 0.99 })).toEqual([])
})

test.each([
  [voidCeiling({ ...ceiling, requests: 0 }, check), 'no request was answered'],
  [voidCeiling({ ...ceiling, errors: 2, trouble: 'timeouts' }, check), '2 errors: timeouts'],
  [voidCeiling(ceiling, { ...check, wrong: 1, trouble: 'expected a; came b' }), '1 wrong answers: expected a; came b'],
  [voidCeiling(ceiling, { ...check, errors: 1, trouble: 'reset' }), '1 requests without an answer: reset'],
  [voidCeiling({ ...ceiling, generatorBusy: 0.81 }, check), 'the generator used 81 % of its processor'],
  [voidPace({ ...paced, achieved: 0.98 }), '98 % of the offered rate was achieved'],
  [voidPace({ ...paced, wrong: 3, trouble: 'x' }), '3 wrong answers: x'],
  [voidPace({ ...paced, errors: 3, trouble: 'x' }), '3 requests without an answer: x'],
  [voidPace({ ...paced, generatorBusy: 0.9 }), 'the generator used 90 % of its processor'],
])('%j is void', (reasons, expected) => {
  expect(reasons).toEqual([expected])
})

test('of a handful of requests, one that is late voids nothing', () => {
  expect(voidPace({ ...paced, offered: 20, achieved: 0.95 })).toEqual([])
})
