/** The grid of this repository, as `pnpm matrix` last counted it, and the languages that are served. */
import { readFileSync } from 'node:fs'
import { html, type Context, type Html, type Reply } from '@tsgi/framework-mini'
import { sitePage } from './page.ts'

/** What is read of the file. */
interface Grid {
  readonly made: string
  readonly servers: readonly string[]
  readonly hosts: readonly string[]
  readonly frameworks: readonly string[]
  readonly versions: Readonly<Record<string, string>>
  readonly cells: readonly {
    readonly server: string
    readonly framework: string
    readonly passed: number
    readonly asked: number
    readonly cannot: Readonly<Record<string, string>>
  }[]
}

const LANGUAGES = [
  ['TypeScript, JavaScript', 'TSGI itself, fetch handlers, Node listeners', 'tsgi serve app.ts'],
  ['Python', 'WSGI: Flask, Django, Pyramid', 'tsgi serve app.py'],
  ['Ruby', 'Rack: Sinatra', 'tsgi serve config.ru'],
  ['Java', 'servlets', 'tsgi serve shop.war'],
] as const

const FILE = new URL('../../../test-matrix/grid.json', import.meta.url)

/** Read when the page is first asked for: a process that never shows it need not have it. */
let grid: Grid | undefined

export function gridPage(context: Context): Reply {
  grid ??= JSON.parse(readFileSync(FILE, 'utf8')) as Grid
  const { made, servers, hosts, frameworks, cells } = grid
  const passed = cells.reduce((sum, cell) => sum + cell.passed, 0)
  const asked = cells.reduce((sum, cell) => sum + cell.asked, 0)
  return sitePage(
    context,
    { title: 'Grid', chapter: '/grid' },
    html`
<p class="lede">Any framework on any server: the same exercises, over real sockets, on every pair. ${passed} of ${asked}
pass; what is in brackets cannot hold, and says why when you point at it.</p>
${table(
  grid,
  'Frameworks, on servers of this repository',
  servers.filter((server) => !hosts.includes(server)),
  frameworks,
)}
${table(
  grid,
  'Servers of others, with frameworks as witnesses',
  frameworks.filter((framework) => cells.some((cell) => hosts.includes(cell.server) && cell.framework === framework)),
  hosts,
)}
<p class="remark">Counted on <time datetime="${made}">${made}</time> by <kbd>pnpm matrix</kbd>.</p>
<h2>Languages</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Languages"><table>
<caption>One command serves them all.</caption>
<thead><tr><th scope="col">language</th><th scope="col">what</th><th scope="col">by</th></tr></thead>
<tbody>
${LANGUAGES.map(([language, what, command]) => html`<tr><th scope="row">${language}</th><td data-label="what">${what}</td><td data-label="by"><kbd>${command}</kbd></td></tr>\n`)}</tbody>
</table></div>`,
  )
}

/** Rows and columns are servers and frameworks, one way or the other. */
function table(grid: Grid, caption: string, columns: readonly string[], rows: readonly string[]): Html {
  const { cells, versions, hosts } = grid
  const ofHosts = rows === hosts
  // A name may be that of a framework and of a server, such as Fastify.
  const cellOf = (row: string, column: string) =>
    cells.find(({ server, framework }) => server === (ofHosts ? row : column) && framework === (ofHosts ? column : row))
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table>
<caption>${caption}</caption>
<thead><tr><th scope="col">${ofHosts ? 'server' : 'framework'}</th>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
<tbody>
${rows.map((row) => html`<tr><th scope="row">${row} ${(versions[row] ?? '') !== '' && html`<small>${versions[row] ?? ''}</small>`}</th>${columns.map((column) => html`<td data-label="${column}">${shown(cellOf(row, column))}</td>`)}</tr>\n`)}</tbody>
</table></div>`
}

function shown(cell: Grid['cells'][number] | undefined): Html {
  if (cell === undefined) return html`<small>not asked</small>`
  const reasons = Object.entries(cell.cannot).map(([id, reason]) => `${id}: ${reason}`)
  const mark = cell.passed === cell.asked ? '✓' : '✗'
  return html`${mark} ${cell.passed}/${cell.asked}${reasons.length > 0 && html` <small title="${reasons.join('\n')}">(${reasons.length})</small>`}`
}
