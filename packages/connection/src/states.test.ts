import { expect, test } from 'vitest'
import { nameOf, READING, WRITING } from '../test/state-names.ts'
import { IDLE, type Move, MOVES, READY } from './states.ts'

const moves = Object.entries(MOVES) as [string, Move][]

interface Pair {
  readonly reading: number
  readonly writing: number
}
const movesFrom = ({ reading, writing }: Pair): [string, Pair][] =>
  moves.filter(([, move]) => (move.fromReading & reading) !== 0 && (move.fromWriting & writing) !== 0)

/** Each pair that a connection can come into, with the moves from it. */
function reachable(): Map<string, [string, Pair][]> {
  const found = new Map<string, [string, Pair][]>()
  const open: Pair[] = [{ reading: IDLE, writing: READY }]
  for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
    if (found.has(nameOf(pair))) continue
    const next = movesFrom(pair)
    found.set(nameOf(pair), next)
    open.push(...next.map(([, to]) => to))
  }
  return found
}

test('each state is one bit, and no two of a half are the same', () => {
  for (const half of [READING, WRITING]) {
    expect([...half.keys()]).toEqual([...half].map((_, index) => 2 ** index))
  }
})

test('reading and writing come into these pairs and no others', () => {
  expect([...reachable().keys()].toSorted()).toEqual([
    'ahead answering',
    'body answering',
    'discarding closed',
    'discarding closing',
    'discarding lingering',
    'expected answering',
    'foreign upgraded',
    'head ready',
    'idle ready',
    'rest ready',
  ])
})

test('these are the moves of each pair', () => {
  const table = [...reachable()].map(([name, next]) => `${name}: ${next.map(([move]) => move).join(' ')}`)
  expect(table.toSorted()).toEqual([
    'ahead answering: answered last upgrade gone',
    'body answering: bodyEnds answered answeredEarly last gone',
    'discarding closed: ',
    'discarding closing: lingers gone',
    'discarding lingering: gone',
    'expected answering: continues last gone',
    'foreign upgraded: last gone',
    'head ready: request requestWithBody requestThatExpects last gone',
    'idle ready: headBegins request requestWithBody requestThatExpects last gone',
    'rest ready: restEnds last gone',
  ])
})
