import { escapeHtml } from './escape-html.ts'
import { excerptOf, type Problem } from './problem.ts'
import { sourceExcerpt, type Excerpt } from './source-excerpt.ts'
import { formatPlace, type Frame } from './stack-frames.ts'

/** What a developer is to see. */
export interface ErrorReport {
  /** `500 Internal Server Error`. */
  readonly title: string
  /** `GET /notes`, or what else was under way. */
  readonly heading: string
  /** An error and its causes. */
  readonly problems?: readonly Problem[]
  /** Before what is known of the error: what the developer most likely wants. */
  readonly before?: readonly Section[]
  /** What is known of the request, behind the error. */
  readonly sections?: readonly Section[]
  /** Why this page is shown, and what happens next. */
  readonly footer: string
  /** The URL of a script, such as one that reloads the page. */
  readonly script?: string | undefined
}

/** A table, or a list. */
export type Section =
  | { readonly caption: string; readonly rows: readonly (readonly [name: string, value: string])[] }
  | {
      readonly caption: string
      readonly items: readonly { readonly text: string; readonly remark?: string | undefined }[]
    }

const STYLE = `
:root { color-scheme: light dark; --soft: light-dark(#f3f1ec, #23211d); --line: light-dark(#d9d4c8, #3d3a33); --hot: light-dark(#fbe3da, #4a2418); --accent: light-dark(#a33a10, #ff9b6b) }
* { box-sizing: border-box }
body { margin: 0; font: 15px/1.5 system-ui, sans-serif }
header { padding: 2rem max(1rem, 50vw - 36rem); background: var(--soft); border-bottom: 1px solid var(--line) }
main { padding: 0 max(1rem, 50vw - 36rem) 3rem }
h1 { margin: 0; font-size: 1.5rem; overflow-wrap: anywhere }
h2 { margin: 2rem 0 .6rem; font-size: 1.05rem; overflow-wrap: anywhere; white-space: pre-wrap }
.message { margin: .6rem 0 0; white-space: pre-wrap; overflow-wrap: anywhere; font: 15px/1.5 ui-monospace, monospace }
.status { margin: 0 0 .3rem; color: var(--accent); font-weight: 600 }
ol, table, details { font: 13px/1.6 ui-monospace, monospace }
ol { padding-left: 1.5rem; overflow-wrap: anywhere }
summary { cursor: pointer; overflow-wrap: anywhere; padding: .2rem 0 }
.place { margin: 0; padding: .2rem 0; overflow-wrap: anywhere; font: 13px/1.6 ui-monospace, monospace }
.foreign { opacity: .75 }
.foreign p { margin: 0; padding-left: 1rem; overflow-wrap: anywhere }
pre { margin: .3rem 0 .8rem; padding: .5rem 0; overflow-x: auto; background: var(--soft); border: 1px solid var(--line); border-radius: 6px; font: 13px/1.6 ui-monospace, monospace; tab-size: 4 }
pre span { display: block; padding: 0 .8rem; min-width: max-content }
pre .hot { background: var(--hot) }
table { border-collapse: collapse; width: 100%; table-layout: fixed }
td { padding: .25rem .6rem .25rem 0; border-top: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere }
td:first-child { width: 12rem }
footer { margin-top: 2rem; color: light-dark(#5c574c, #a8a294) }
@media (max-width: 40rem) { header { padding-block: 1.2rem } td:first-child { width: 38% } }
`

/** The report as a page of its own: nothing is loaded but the script that it names. */
export function errorHtml({
  title,
  heading,
  problems = [],
  before = [],
  sections = [],
  footer,
  script,
}: ErrorReport): string {
  const [first] = problems
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${escapeHtml(title)} · ${escapeHtml(heading)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<p class="status">${escapeHtml(title)}</p>
<h1>${escapeHtml(heading)}</h1>
${first === undefined ? '' : `<p class="message">${escapeHtml(first.title)}</p>`}
</header>
<main>
${before.map(sectionHtml).join('')}${problems.map(problemHtml).join('')}${sections.map(sectionHtml).join('')}<footer>${escapeHtml(footer)}</footer>
</main>
${script === undefined ? '' : `<script src="${escapeHtml(script)}"></script>\n`}</body>
</html>
`
}

/** The application's own calls with their lines, the first one open; the others folded up behind them. */
function problemHtml({ title, frames, place }: Problem, depth: number): string {
  const own = frames.filter((frame) => frame.own)
  const foreign = frames.filter((frame) => !frame.own)
  const excerpt = own.length === 0 && place !== undefined ? sourceExcerpt(place) : undefined
  if (depth === 0 && frames.length === 0 && excerpt === undefined) return ''
  const heading = depth === 0 ? 'Where' : `Caused by ${title}`
  const parts = [
    ...(excerpt === undefined || place === undefined
      ? []
      : [`<p class="place">at ${escapeHtml(formatPlace(place))}</p>\n${excerptHtml(excerpt)}`]),
    ...own.map((frame, at) => ownHtml(frame, at === 0)),
    ...(foreign.length === 0 ? [] : [foreignHtml(foreign)]),
  ]
  return `<h2>${escapeHtml(heading)}</h2>\n${parts.join('')}`
}

function ownHtml(frame: Frame, open: boolean): string {
  const excerpt = excerptOf(frame)
  const lines = excerpt === undefined ? '' : excerptHtml(excerpt)
  return `<details class="own"${open ? ' open' : ''}>\n<summary>at ${escapeHtml(frame.text)}</summary>\n${lines}</details>\n`
}

function foreignHtml(frames: readonly Frame[]): string {
  const calls = frames.length === 1 ? '1 call' : `${frames.length} calls`
  const lines = frames.map(({ text }) => `<p>at ${escapeHtml(text)}</p>\n`).join('')
  return `<details class="foreign">\n<summary>${calls} in Node and packages</summary>\n${lines}</details>\n`
}

function excerptHtml({ lines, line }: Excerpt): string {
  const rows = lines.map(({ number, text }) => {
    const mark = number === line ? ' class="hot"' : ''
    return `<span${mark}>${String(number).padStart(5)}  ${escapeHtml(text)}</span>`
  })
  return `<pre tabindex="0">${rows.join('')}</pre>\n`
}

function sectionHtml(section: Section): string {
  const caption = `<h2>${escapeHtml(section.caption)}</h2>\n`
  if ('items' in section) {
    const items = section.items.map(
      ({ text, remark }) =>
        `<li>${escapeHtml(text)}${remark === undefined ? '' : ` <small>(${escapeHtml(remark)})</small>`}</li>`,
    )
    return `${caption}<ol>${items.join('')}</ol>\n`
  }
  const rows = section.rows.map(([name, value]) => `<tr><td>${escapeHtml(name)}</td><td>${escapeHtml(value)}</td></tr>`)
  return `${caption}<table>${rows.join('')}</table>\n`
}
