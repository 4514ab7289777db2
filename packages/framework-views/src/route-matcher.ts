/**
 * Matches a route with several parameters where one could end in more than one place: `<str:year>-<str:title>`. A regular
 * expression would try each pair of places: the square of the path's length, the cube for three. Here one walk from the
 * right notes where the rest of the route matches, and one from the left takes, for each parameter, all that it can.
 */
import type { RouteParts } from './route.ts'

/** The texts of the parameters, as the greedy regular expression would find them. */
export type RouteMatcher = (subject: string) => readonly string[] | undefined

/** `undefined`: each parameter can end in one place only, or its pattern is not one class of characters, repeated. */
export function matcherOf({ literals, params }: RouteParts): RouteMatcher | undefined {
  const classes = params.map(({ converter }) => classOf(converter.pattern))
  if (!classes.every((each) => each !== undefined)) return undefined
  const isOpen = classes.some((each, i) => i < classes.length - 1 && couldGoOn(each, literals[i + 1] as string))
  return isOpen ? (subject) => match(subject, literals, classes) : undefined
}

/** A class of characters with `+` behind it, as all converters that come along have but `uuid`. */
const CLASS = /^(?:\[(?:[^\\[\]]|\\.)+\]|\\[dw])\+$/

const classOf = (pattern: string): RegExp | undefined => (CLASS.test(pattern) ? new RegExp(pattern, 'gu') : undefined)

function couldGoOn(runs: RegExp, literal: string): boolean {
  return literal === '' || runsOf(runs, literal)[0] !== 0
}

function match(
  subject: string,
  literals: readonly string[],
  classes: readonly RegExp[],
): readonly string[] | undefined {
  if (!subject.startsWith(literals[0] as string)) return undefined
  const { length } = subject
  /** For each parameter and each place: the last place up to there behind which the rest of the route matches; else -1. */
  const lastEnds: Int32Array[] = []
  const runs: Int32Array[] = []
  for (let i = classes.length - 1; i >= 0; i--) {
    const literal = literals[i + 1] as string
    const isLast = i === classes.length - 1
    const ends = new Int32Array(length + 1)
    for (let at = 0, last = -1; at <= length; at++) {
      const next = at + literal.length
      if (subject.startsWith(literal, at) && (isLast ? next === length : endFrom(i + 1, next) !== undefined)) last = at
      ends[at] = last
    }
    lastEnds[i] = ends
    runs[i] = runsOf(classes[i] as RegExp, subject)
  }
  const texts: string[] = []
  let start = (literals[0] as string).length
  for (let i = 0; i < classes.length; i++) {
    const end = endFrom(i, start)
    if (end === undefined) return undefined
    texts.push(subject.slice(start, end))
    start = end + (literals[i + 1] as string).length
  }
  return texts

  function endFrom(i: number, from: number): number | undefined {
    const end = lastEnds[i]?.[runs[i]?.[from] ?? 0] ?? -1
    return end > from ? end : undefined
  }
}

/** For each place where the run of the class's characters that holds it ends; the place itself outside of runs. */
function runsOf(runs: RegExp, subject: string): Int32Array {
  const ends = Int32Array.from({ length: subject.length + 1 }, (_, at) => at)
  for (const { 0: run, index } of subject.matchAll(runs)) ends.fill(index + run.length, index, index + run.length)
  return ends
}
