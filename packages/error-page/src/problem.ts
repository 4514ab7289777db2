import { sourceExcerpt, type Excerpt, type Place } from './source-excerpt.ts'
import { stackFrames, type Frame } from './stack-frames.ts'

/** An error, or the cause of one, as it is shown. */
export interface Problem {
  /** `TypeError: the message`, possibly over several lines. */
  readonly title: string
  /** Innermost first. */
  readonly frames: readonly Frame[]
  /** Where it is, for a problem without a stack that says so, such as a syntax error. */
  readonly place?: Place | undefined
}

const MOST = 5

/** An error and its causes, the first first. */
export function problemsOf(error: unknown, cwd: string = process.cwd()): readonly Problem[] {
  const problems: Problem[] = []
  for (let one = error; problems.length < MOST; one = (one as Error).cause) {
    problems.push(problemOf(one, cwd))
    if (!(one instanceof Error) || one.cause === undefined || one.cause === null) break
  }
  return problems
}

function problemOf(error: unknown, cwd: string): Problem {
  if (!(error instanceof Error)) return { title: `${show(error)} was thrown, which is not an Error`, frames: [] }
  const title = `${error.name}: ${error.message}`
  const frames = stackFrames(error.stack, cwd)
  return { title: isForeignStack(error, title) ? (error.stack ?? title) : title, frames }
}

/** Whether a stack is that of another language (@tsgi/bridge): it says all there is to know, in the words of that language. */
const isForeignStack = ({ stack = '', name }: Error, title: string): boolean =>
  stack.includes('\n') && !/^ +at /m.test(stack) && !stack.startsWith(title) && !stack.startsWith(`${name}:`)

function show(value: unknown): string {
  try {
    return typeof value === 'string' ? JSON.stringify(value) : String(value)
  } catch {
    return 'A value'
  }
}

/** What is shown of a problem's source, by frame; where there are no frames, of its place. */
export const excerptOf = ({
  place,
  own,
}: {
  readonly place: Place | undefined
  readonly own: boolean
}): Excerpt | undefined => (own && place !== undefined ? sourceExcerpt(place) : undefined)
