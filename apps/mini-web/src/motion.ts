import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { html, stream, type Context, type Html, type Reply } from '@tsgi/framework-mini'
import { frame } from './page.ts'

const ROWS = 32
const COLUMNS = 2 * ROWS - 1
const PAUSE = 90

/** A page that is sent as it is made: each row is computed from the last, after a pause that can be seen. */
export function motionPage(context: Context): Reply {
  const { before, after } = frame(context, { title: 'A page in motion', chapter: '/motion' })
  const { signal } = context
  return stream(
    async (out) => {
      const start = performance.now()
      const send = async (part: Html): Promise<void> => {
        await out.write(part.toString())
        await out.flush()
      }
      await send(html`${before}${INTRODUCTION}`)
      for (let cells = firstRow(), row = 0; row < ROWS; cells = nextRow(cells), row += 1) {
        await send(drawn(cells))
        await sleep(PAUSE, undefined, { signal })
      }
      const seconds = ((performance.now() - start) / 1000).toFixed(1)
      await send(html`</div>
<p>That was <em>rule 30</em>, ${ROWS} rows in ${seconds} seconds. Each is made of the one above it: a cell is dark when
exactly one of the three above it is, or only the middle and the right.</p>
<p><a class="button" href="/motion">Once more</a></p>${after}`)
    },
    { type: 'text/html; charset=utf-8' },
  )
}

const INTRODUCTION = html`
<p class="lede">This page is not finished when it reaches you. Each row below leaves the server when it was computed, and
your browser draws it when it comes.</p>
<p class="remark">If you leave before the end, the server notices, and the function that makes the page is told.</p>
<div class="automaton" role="img" aria-label="A triangle of cells, drawn row by row">
`

type Cells = readonly boolean[]

const firstRow = (): Cells => Array.from({ length: COLUMNS }, (_, x) => x === ROWS - 1)

/** Rule 30: left xor (middle or right). */
const nextRow = (cells: Cells): Cells =>
  cells.map((middle, x) => (cells[x - 1] ?? false) !== (middle || (cells[x + 1] ?? false)))

function drawn(cells: Cells): Html {
  const path = cells.flatMap((dark, x) => (dark ? [`M${x} 0h1v1h-1z`] : [])).join('')
  return html`<svg viewBox="0 0 ${COLUMNS} 1" aria-hidden="true"><path d="${path}"/></svg>\n`
}
