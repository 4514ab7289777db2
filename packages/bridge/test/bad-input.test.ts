import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PYTHON, serveExercises, type Served } from './serving.ts'

describe.skipIf(PYTHON === undefined)('an application in Python that does what it must not', () => {
  let served: Served
  beforeAll(async () => {
    served = await serveExercises({}, 'closed')
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

  it.each([
    ['/raises', 500, /RuntimeError: broken on purpose/],
    ['/raises-late', 'broken', /RuntimeError: broken after the head/],
    ['/exits', 500, /SystemExit: enough/],
    ['/nothing', 500, /the application returned None; expected an iterable of bytes/],
    ['/splits', 500, /ValueError: a header field must not contain CR, LF or NUL; got \('X-A', 'a\\r\\nX-B: b'\)/],
    ['/number', 500, /TypeError: expected str for the name and the value of a header field, got \('X-A', 1\)/],
    ['/wide', 500, /ValueError: a header field holds bytes as characters up to U\+00FF/],
    ['/short', 500, /10/],
    ['/ints', 500, /TypeError: expected bytes in the body, got int: 1/],
    ['/no-start', 500, /did not call start_response\(\)/],
    ['/twice', 500, /start_response\(\) was called a second time, without exc_info/],
    ['/bad-status', 500, /expected a status such as '200 OK', from 200 to 599, got 'fine'/],
  ])('%s is answered with %s and a line in the words of Python', async (path, expected, line) => {
    const [status, , log] = await ask(path)
    expect([status, log]).toEqual([expected, expect.stringMatching(line)])
    expect(log).not.toContain('tsgi_worker')
  })

  it('sends no bytes beyond the length that was declared, and says so', async () => {
    const [status, body, log] = await ask('/long')
    expect([status, body]).toEqual([200, 'four'])
    await expect.poll(() => served.log.join('\n')).toContain('more bytes than its Content-Length')
    expect(log).not.toContain('500')
  })

  it('sends text as UTF-8, and warns once', async () => {
    const [status, body, log] = await ask('/text')
    expect([status, body]).toEqual([200, 'Grüße'])
    expect(log).toContain("write return [text.encode('utf-8')]")
    expect((await ask('/text'))[2]).toBe('')
  })

  it('has what it prints in the log, and not in the answer', async () => {
    const [status, body] = await ask('/prints')
    expect([status, body]).toEqual([200, 'printed'])
    await expect.poll(() => served.log.join('\n')).toContain('printed to stdout')
    expect(served.log.join('\n')).toContain('written to the log')
  })

  it('may fork: the child ends where it returns from the handler, and the parent answers', async () => {
    const [status, body] = await ask('/forks')
    expect([status, body]).toEqual([200, 'parent'])
    await expect.poll(() => served.log.join('\n')).toContain('the child returned from its handler')
    expect((await ask('/'))[1]).toBe('Hello')
  })

  it('is served on after all of that by the same process', async () => {
    const [, first] = await ask('/pid')
    await ask('/raises')
    expect((await ask('/pid'))[1]).toBe(first)
  })
})

describe.skipIf(PYTHON === undefined)('an application in Python that leaves a thread behind', () => {
  it('ends with its server, and the thread is named in the log', async () => {
    const { text, close, log } = await serveExercises()
    expect(await text('/thread')).toBe('started')
    await close()
    expect(log.join('\n')).toContain('left threads behind, which end with the process: left-behind')
  })
})

describe.skipIf(PYTHON === undefined)('strict', () => {
  it('refuses text as a body', async () => {
    const { get, log } = await serveExercises({ strict: true })
    expect((await get('/text')).status).toBe(500)
    expect(log.join('\n')).toContain('the application returned a str, and PEP 3333 wants an iterable of bytes')
  })
})
