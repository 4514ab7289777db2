/** Applications as data, so that a random one can be made smaller and printed. */
import * as fc from 'fast-check'

/** `length` is that of the whole body and so much more or less, where it stands. */
export type FieldValue = string | { readonly more: number; readonly zeros: boolean }

export interface HeadCall {
  readonly status: number
  readonly fields: readonly (readonly [name: string, value: FieldValue])[]
  /** The list lacks its last value. */
  readonly odd: boolean
  /** With a third argument. */
  readonly replacing: boolean
  /** The application continues where it is refused. */
  readonly caught: boolean
}

/** A number and `null` are no chunks. */
export type PlannedChunk = string | { readonly bytes: string } | number | null

export type Step =
  | { readonly do: 'chunk'; readonly chunk: PlannedChunk }
  | { readonly do: 'start'; readonly head: HeadCall }
  | { readonly do: 'flush' }
  | { readonly do: 'throw'; readonly what: Thrown }
  | { readonly do: 'trailers'; readonly fields: readonly (readonly [string, string])[] | 'throws' }
  | { readonly do: 'hints'; readonly fields: readonly (readonly [string, string])[] }
  /** A turn of the event loop, where the body can wait. */
  | { readonly do: 'wait' }
  /** The client leaves, and the application waits for its signal, where it can. */
  | { readonly do: 'leave' }

/** `413`: an error with that status. */
export type Thrown = 'error' | 'undefined' | 'null' | '413'

export const BODY_KINDS = [
  'null',
  'string',
  'bytes',
  'array',
  'sync',
  'async',
  'function',
  'undefined',
  'number',
] as const
export type BodyKind = (typeof BODY_KINDS)[number]

export interface Plan {
  readonly method: 'GET' | 'HEAD' | 'POST'
  /** Before the body is returned. */
  readonly before: readonly Step[]
  /** The application gives a promise of its body. */
  readonly later: boolean
  readonly kind: BodyKind
  readonly body: readonly Step[]
  readonly returns: 'absent' | 'works' | 'throws'
  readonly closes: 'absent' | 'works' | 'throws'
}

const good: readonly (readonly [string, string])[] = [
  ['x-a', '1'],
  ['x-a', '2'],
  ['set-cookie', 'a=1'],
  ['set-cookie', 'b=2'],
  ['content-type', 'text/plain'],
  ['x-latin', 'caf\u00e9'],
  ['x-empty', ''],
  ['x-tab', 'a\tb'],
  ['connection', 'close'],
  ['allow', 'GET'],
]

const bad: readonly (readonly [string, string])[] = [
  ['X-Upper', '1'],
  ['x b', '1'],
  ['', '1'],
  ['x-a', ' 1'],
  ['x-a', '1\t'],
  ['x-a', 'a\r\nb: c'],
  ['x-a', '\0'],
  ['x-wide', '\u20ac'],
  ['transfer-encoding', 'chunked'],
  ['keep-alive', 'timeout=5'],
  ['te', 'trailers'],
  ['connection', 'keep-alive'],
  ['upgrade', 'websocket'],
  ['content-length', 'four'],
  ['content-length', '9007199254740993'],
]

const notInTrailers: readonly (readonly [string, string])[] = [
  ['set-cookie', 'a=1'],
  ['authorization', 'x'],
  ['content-type', 'text/plain'],
  ['vary', 'x'],
  ['age', '1'],
  ['host', 'a'],
]

const field = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom(...good) },
  { weight: 1, arbitrary: fc.constantFrom(...bad) },
  {
    weight: 5,
    arbitrary: fc
      .record({ more: fc.constantFrom(0, 0, 0, 1, -1), zeros: fc.boolean() })
      .map((value) => ['content-length', value] as const),
  },
)

const head: fc.Arbitrary<HeadCall> = fc.record({
  status: fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(200, 200, 404, 426, 599) },
    { weight: 5, arbitrary: fc.constantFrom(204, 205, 304) },
    { weight: 1, arbitrary: fc.constantFrom(100, 199, 600, 200.5, Number.NaN) },
  ),
  fields: fc.array(field, { maxLength: 3 }),
  odd: fc.oneof({ weight: 30, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  replacing: fc.boolean(),
  caught: fc.boolean(),
})

const chunk: fc.Arbitrary<PlannedChunk> = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom<PlannedChunk>('a', 'hello', '', 'caf\u00e9', '\u20ac\u{1f600}', '\ud800') },
  { weight: 6, arbitrary: fc.constantFrom<PlannedChunk>({ bytes: '' }, { bytes: 'bytes' }, { bytes: '\u00ff\u0000' }) },
  { weight: 1, arbitrary: fc.constantFrom<PlannedChunk>(5, null) },
)

const thrown = fc.constantFrom<Thrown>('error', 'undefined', 'null', '413')

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: chunk.map((chunk): Step => ({ do: 'chunk', chunk })) },
  { weight: 3, arbitrary: head.map((head): Step => ({ do: 'start', head })) },
  { weight: 2, arbitrary: fc.constant<Step>({ do: 'flush' }) },
  { weight: 2, arbitrary: thrown.map((what): Step => ({ do: 'throw', what })) },
  {
    weight: 2,
    arbitrary: fc
      .oneof(
        {
          weight: 8,
          arbitrary: fc.array(fc.constantFrom(...good.slice(0, 2), ['x-sum', '9'] as const), { maxLength: 2 }),
        },
        { weight: 1, arbitrary: fc.array(fc.constantFrom(...bad, ...notInTrailers), { minLength: 1, maxLength: 1 }) },
        { weight: 1, arbitrary: fc.constant('throws' as const) },
      )
      .map((fields): Step => ({ do: 'trailers', fields })),
  },
  {
    weight: 1,
    arbitrary: fc
      .array(
        fc.oneof(
          { weight: 8, arbitrary: fc.constant(['link', '</a>'] as const) },
          { weight: 1, arbitrary: fc.constantFrom(...bad) },
        ),
        {
          minLength: 1,
          maxLength: 2,
        },
      )
      .map((fields): Step => ({ do: 'hints', fields })),
  },
  { weight: 3, arbitrary: fc.constant<Step>({ do: 'wait' }) },
  { weight: 1, arbitrary: fc.constant<Step>({ do: 'leave' }) },
)

/** Most applications begin well: those that do not end at their first step. */
const opening: fc.Arbitrary<readonly Step[]> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(
        head.map((head): Step => ({ do: 'start', head: { ...head, replacing: false } })),
        fc.array(
          step.filter((step) => step.do !== 'chunk'),
          { maxLength: 2 },
        ),
      )
      .map(([first, rest]) => [first, ...rest]),
  },
  { weight: 2, arbitrary: fc.constant([]) },
  {
    weight: 1,
    arbitrary: fc.array(
      step.filter((step) => step.do !== 'chunk'),
      { maxLength: 3 },
    ),
  },
)

export const plan: fc.Arbitrary<Plan> = fc.record({
  method: fc.constantFrom<Plan['method']>('GET', 'GET', 'GET', 'HEAD', 'POST'),
  before: opening,
  later: fc.boolean(),
  kind: fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...BODY_KINDS.slice(0, 7)) },
    { weight: 1, arbitrary: fc.constantFrom(...BODY_KINDS.slice(7)) },
  ),
  body: fc.oneof(
    { weight: 3, arbitrary: fc.array(step, { maxLength: 5 }) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(head, fc.array(step, { maxLength: 4 }))
        .map(([head, rest]): readonly Step[] => [{ do: 'start', head: { ...head, replacing: false } }, ...rest]),
    },
  ),
  returns: fc.constantFrom<Plan['returns']>('works', 'works', 'absent', 'throws'),
  closes: fc.constantFrom<Plan['closes']>('works', 'works', 'absent', 'throws'),
})
