import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FIXTURES, RUBY, serveRackExercises, type Served } from './serving.ts'

describe.skipIf(RUBY === undefined)('a Rack application in Ruby', () => {
  let served: Served
  beforeAll(async () => {
    served = await serveRackExercises({}, 'closed')
  })
  afterAll(() => served.close())

  /** The answer to a request, and what the log says meanwhile. */
  async function ask(path: string): Promise<readonly [status: number | 'broken', body: string, log: string]> {
    const before = served.log.length
    const log = () => served.log.slice(before).join('\n')
    try {
      const response = await served.get(path)
      const body = await response.text()
      return [response.status, body, log()]
    } catch {
      return ['broken', '', log()]
    }
  }

  it('answers with arrays, with what responds to each, with a stream, with a file', async () => {
    const { get, text } = served
    expect((await get('/')).headers.get('content-length')).toBe('5')
    const before = Number(await text('/count-closed'))
    expect(await text('/stream')).toBe('one two three')
    expect(await text('/streaming')).toBe('one two three')
    expect(await text('/file')).toBe(await readFile(join(FIXTURES, 'rack/exercises.rb'), 'utf8'))
    expect(Number(await text('/count-closed'))).toBe(before + 2)
    const head = await get('/stream', { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([200, ''])
  })

  it('has several values of a field as an array, or as lines', async () => {
    const { headers } = await served.get('/values')
    expect([headers.get('x-array'), headers.get('x-lines')]).toEqual(['a, b', 'c, d'])
  })

  it('reads its input, however it is framed, and again', async () => {
    const { text } = served
    const body = `${'x'.repeat(99)}\n`.repeat(3000)
    expect(await text('/echo', { method: 'POST', body: 'small' })).toBe('small')
    expect(await text('/length', { method: 'POST', body })).toBe('300000 300000')
    const stream = new Blob([body]).stream()
    expect(await text('/length', { method: 'POST', body: stream, duplex: 'half' } as RequestInit)).toBe('300000 300000')
    for (const sent of [body, 'two\nlines\n']) {
      expect(await text('/twice', { method: 'POST', body: sent })).toBe(`true ${sent.length} nil ""`)
    }
  })

  it('knows its server', async () => {
    const environ = await served.text('/environ?q=1')
    expect(environ).toMatch(/^QUERY_STRING="q=1"$/m)
    expect(environ).toMatch(/^rack.hijack\?=false$/m)
    expect(environ).toMatch(/^rack.multiprocess=false\nrack.multithread=false$/m)
    expect(environ).toMatch(/^rack.run_once=false$/m)
    expect(environ).toMatch(/^rack.url_scheme="http"$/m)
  })

  it('has its callables called when its response is complete', async () => {
    expect(await served.text('/finishes')).toBe('finishes')
    expect(await served.text('/finished')).toBe('200 nil, after_reply')
  })

  it.each([
    [
      '/raises',
      500,
      /^error: .*\n\S*exercises\.rb:\d+:in [`'].*do_raises': broken on purpose \(RuntimeError\)\n\tfrom /m,
    ],
    ['/caused', 500, /broken \(ArgumentError\)\nin two lines\n[^]*the cause \(RuntimeError\)/],
    ['/raises-late', 'broken', /broken after the head \(RuntimeError\)/],
    ['/exits', 500, /exit \(SystemExit\)/],
    ['/nothing', 500, /expected a status from 200 to 599, got nil/],
    ['/no-body', 500, /the application returned nil for its body; expected an Array of Strings/],
    ['/splits', 500, /a header field must not contain CR, LF or NUL; got "x-a" => "a\\r\\nx-b: b"/],
    ['/short', 500, /10/],
    ['/ints', 500, /expected Strings in the body, got Integer: 1/],
    ['/bad-status', 500, /expected a status from 200 to 599, got "fine"/],
    ['/early', 500, /expected a status from 200 to 599, got 103/],
    ['/hijacks', 500, /wants to hijack the connection/],
  ])('%s is answered with %s and a line in the words of Ruby', async (path, expected, line) => {
    const [status, , log] = await ask(path)
    expect([status, log]).toEqual([expected, expect.stringMatching(line)])
    expect(log).not.toContain('tsgi_worker')
  })

  it('may send what textbooks send, and is warned once', async () => {
    expect(await ask('/text')).toEqual([200, 'Grüße', expect.stringContaining('write [text]')])
    expect(await ask('/text')).toEqual([200, 'Grüße', ''])
    expect(await ask('/number')).toEqual([200, 'number', expect.stringContaining('expected a String for the value')])
  })

  it('sends no bytes beyond the length that was declared, and says so', async () => {
    expect((await ask('/long')).slice(0, 2)).toEqual([200, 'four'])
    await expect.poll(() => served.log.join('\n')).toContain('more bytes than its Content-Length')
  })

  it('has what it prints in the log, and not in the answer', async () => {
    expect((await ask('/prints')).slice(0, 2)).toEqual([200, 'printed'])
    await expect.poll(() => served.log.join('\n')).toContain('printed to stdout')
    expect(served.log.join('\n')).toContain('written to the log')
  })

  it('may fork: the child ends where it returns from the handler, and the parent answers', async () => {
    expect((await ask('/forks')).slice(0, 2)).toEqual([200, 'parent'])
    await expect.poll(() => served.log.join('\n')).toContain('the child returned from its handler')
  })

  it('is served by the same process after all of that', async () => {
    const [, first] = await ask('/pid')
    await ask('/raises')
    expect((await ask('/pid'))[1]).toBe(first)
  })
})
