import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import {
  errorHtml,
  errorText,
  problemsOf,
  sourceExcerpt,
  stackFrames,
  visibleFields,
  type ErrorReport,
} from './index.ts'

const folder = mkdtempSync(join(tmpdir(), 'tsgi-error-page-'))
const file = join(folder, 'app.ts')
writeFileSync(file, Array.from({ length: 12 }, (_, at) => `line ${at + 1} <b>`).join('\n'))
afterAll(() => rmSync(folder, { recursive: true }))

const STACK = `TypeError: <b>no</b>
    at render (/srv/node_modules/engine/index.js:3:1)
    at Module.handler (file://${file}?v=2:6:9)
    at async ${file}:2:1
    at node:internal/timers:1:1
    at Array.map (<anonymous>)`

const failed = Object.assign(new TypeError('<b>no</b>', { cause: new Error('deeper') }), { stack: STACK })

const report = (more: Partial<ErrorReport> = {}): ErrorReport => ({
  title: '500 Internal Server Error',
  heading: 'GET /a?<script>',
  problems: problemsOf(failed, folder),
  footer: 'Shown in development only.',
  ...more,
})

describe('stackFrames', () => {
  it('tells the application’s own calls from those of packages and Node, with paths relative to the folder', () => {
    expect(stackFrames(STACK, folder)).toEqual([
      expect.objectContaining({ own: false, text: 'render (/srv/node_modules/engine/index.js:3:1)' }),
      { own: true, text: 'Module.handler (app.ts:6:9)', place: { file, line: 6, column: 9 } },
      { own: true, text: 'async app.ts:2:1', place: { file, line: 2, column: 1 } },
      { own: false, text: 'node:internal/timers:1:1', place: undefined },
      { own: false, text: 'Array.map (<anonymous>)', place: undefined },
    ])
  })

  it('leaves out the calls of the published packages of this project, and keeps those of its tests and applications', () => {
    const packages = join(import.meta.dirname, '../..')
    const own = (path: string) => stackFrames(`    at f (${join(packages, path)}:1:1)`)[0]?.own
    expect(['exchange/src/exchange.ts', 'cli/dist/main.js'].map(own)).toEqual([false, false])
    expect(['framework-views/test/broken-view.ts', '../apps/mini-web/src/app.ts'].map(own)).toEqual([true, true])
  })

  it('takes no time that grows with the square of the stack', () => {
    expect(stackFrames(`    at ${'('.repeat(50_000)}`, folder)).toHaveLength(1)
    expect(stackFrames(undefined)).toEqual([])
  })
})

describe('sourceExcerpt', () => {
  it('is the lines around the place', () => {
    expect(sourceExcerpt({ file, line: 6 })?.lines.map(({ number }) => number)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(sourceExcerpt({ file, line: 1 })?.lines[0]).toEqual({ number: 1, text: 'line 1 <b>' })
  })

  it('is nothing where there is no such line, or file', () => {
    expect(sourceExcerpt({ file, line: 13 })).toBeUndefined()
    expect(sourceExcerpt({ file: `${file}x`, line: 1 })).toBeUndefined()
  })
})

describe('errorHtml', () => {
  it('shows the application’s calls first, the first with its lines, and escapes everything', () => {
    const page = errorHtml(report())
    expect(page).toContain('<h1>GET /a?&lt;script&gt;</h1>')
    expect(page).toContain('TypeError: &lt;b&gt;no&lt;/b&gt;')
    expect(page).not.toMatch(/<b>|<script/)
    expect(page).toMatch(/<details class="own" open>\n<summary>at Module\.handler \(app\.ts:6:9\)<\/summary>\n<pre/)
    expect(page).toContain('<span class="hot">    6  line 6 &lt;b&gt;</span>')
    expect(page.indexOf('class="own"')).toBeLessThan(page.indexOf('class="foreign"'))
    expect(page).toContain('<summary>3 calls in Node and packages</summary>')
    expect(page).toContain('Caused by Error: deeper')
  })

  it('shows the place of a problem without calls, and the sections around', () => {
    const page = errorHtml(
      report({
        problems: [{ title: 'app.ts cannot be read', frames: [], place: { file, line: 3 } }],
        before: [{ caption: 'Routes', items: [{ text: '/<id>', remark: 'note' }] }],
        sections: [{ caption: 'Fields', rows: visibleFields(['accept', '*/*', 'x-api-key', 'abc', 'cookie', 'a=b']) }],
        script: '/reload.js?a=1&b=2',
      }),
    )
    expect(page).toMatch(/<p class="place">at .*app\.ts:3<\/p>\n<pre/)
    expect(page).toContain('<span class="hot">    3  line 3 &lt;b&gt;</span>')
    expect(page).toContain('<li>/&lt;id&gt; <small>(note)</small></li>')
    expect(page).toContain('<tr><td>accept</td><td>*/*</td></tr><tr><td>x-api-key</td><td>(hidden)</td></tr>')
    expect(page).not.toMatch(/abc|a=b/)
    expect(page).toContain('<script src="/reload.js?a=1&amp;b=2"></script>')
  })

  it('shows what was thrown and is no Error', () => {
    expect(errorHtml(report({ problems: problemsOf('a string') }))).toContain(
      '&quot;a string&quot; was thrown, which is not an Error',
    )
    expect(errorHtml(report({ problems: problemsOf(Object.create(null)) }))).toContain('A value was thrown')
  })
})

describe('errorText', () => {
  it('is the same for a terminal', () => {
    const text = errorText(report())
    expect(text).toContain(
      '500 Internal Server Error\nGET /a?<script>\n\nTypeError: <b>no</b>\nat Module.handler (app.ts:6:9)\n',
    )
    expect(text).toContain('>    6  line 6 <b>\n     7  line 7 <b>\n')
    expect(text).toContain('\nCaused by Error: deeper\n')
  })
})

describe('problemsOf', () => {
  it('ends with a circle of causes', () => {
    const error = new Error('round')
    error.cause = error
    expect(problemsOf(error)).toHaveLength(5)
  })
})
