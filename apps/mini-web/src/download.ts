import { html, stream, type Context, type Reply } from '@tsgi/framework-mini'
import { sitePage } from './page.ts'

const LINE = 64
const LINES_PER_CHUNK = 1000
const SIZE = 50_000_000
const NAME = 'fifty-megabytes.txt'

export function downloadPage(context: Context): Reply {
  return sitePage(
    context,
    { title: 'Fifty megabytes', chapter: '/download' },
    html`
<p class="lede">They are on no disk. A generator makes them, a piece at a time, whenever you have taken the last one.</p>
<p><a class="button" href="/download/${NAME}" download>Download ${NAME}</a></p>
<p class="remark">A slow client costs no memory: while it does not read, the generator is not asked.</p>
<p>Take it slowly, and watch the server's memory stay where it is:</p>
<pre tabindex="0"><code>curl --limit-rate 1M -o ${NAME} http://${context.header('host') ?? 'localhost'}/download/${NAME}</code></pre>`,
  )
}

export function download(): Reply {
  return stream(numberedLines(), {
    type: 'text/plain; charset=utf-8',
    headers: ['content-length', String(SIZE), 'content-disposition', `attachment; filename="${NAME}"`],
  })
}

/** Lines of 64 bytes, in chunks of 64 KB, and a last one that comes out even. */
function* numberedLines(): Generator<string> {
  for (let sent = 0, line = 1; sent < SIZE;) {
    let chunk = ''
    for (let n = 0; n < LINES_PER_CHUNK; n += 1, line += 1) {
      chunk +=
        `${String(line).padStart(8)}  made when it was asked for, and forgotten when it went`.padEnd(LINE - 1) + '\n'
    }
    const rest = SIZE - sent
    yield rest < chunk.length ? chunk.slice(0, rest) : chunk
    sent += chunk.length
  }
}
