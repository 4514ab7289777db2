import type { ErrorReport } from './error-html.ts'
import { excerptOf } from './problem.ts'
import { sourceExcerpt, type Excerpt } from './source-excerpt.ts'
import { formatPlace } from './stack-frames.ts'

/** The report for clients that do not ask for HTML: the errors, with the application's own frames and lines first. */
export function errorText({ title, heading, problems = [] }: ErrorReport): string {
  const parts = problems.map(({ title, frames, place }, depth) => {
    const first = frames.find(({ own }) => own)
    const excerpt = first === undefined ? place && sourceExcerpt(place) : excerptOf(first)
    const calls = frames.map(({ text }) => `    at ${text}\n`).join('')
    const where = first === undefined ? (place === undefined ? '' : `at ${formatPlace(place)}\n`) : `at ${first.text}\n`
    return `${depth === 0 ? '' : 'Caused by '}${title}\n${where}${excerpt === undefined ? '' : `\n${excerptText(excerpt)}`}${calls === '' ? '' : `\n${calls}`}`
  })
  return [`${title}\n${heading}\n`, ...parts].join('\n')
}

const excerptText = ({ lines, line }: Excerpt) =>
  lines
    .map(({ number, text }) => `${number === line ? '>' : ' '}${String(number).padStart(5)}  ${text}`.trimEnd() + '\n')
    .join('')
