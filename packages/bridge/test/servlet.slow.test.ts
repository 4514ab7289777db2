import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { servlet } from '../src/index.ts'
import { checkWorker } from '../src/kit/index.ts'
import { servletLanguage } from '../src/servlet/servlet.ts'
import { findTomcat } from '../src/servlet/tomcat.ts'
import { compileServletExercises, JAVA, serve, type Served } from './serving.ts'

const APP = 'exercises.Exercises'

describe.skipIf(JAVA === undefined)('a servlet', () => {
  let classes: string
  let served: Served
  beforeAll(async () => {
    classes = compileServletExercises()
    served = await serve(servlet(APP, { classPath: [classes], java: JAVA, threads: 3 }), 'closed')
  }, 60_000)
  afterAll(async () => {
    await served?.close()
    rmSync(classes, { recursive: true, force: true })
  })

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

  it('is run by a worker that does all that the protocol asks of one', { timeout: 120_000 }, async () => {
    const language = servletLanguage(JAVA ?? '', [classes], findTomcat(undefined, [], classes), classes)
    const checks = await checkWorker({ language, app: APP, cwd: classes })
    expect(checks.filter(({ failure }) => failure !== null)).toEqual([])
    expect(checks.length).toBeGreaterThan(15)
  })

  it('answers with a length where its answer is whole, and with two cookies', async () => {
    expect((await served.get('/')).headers.get('content-length')).toBe('5')
    expect((await served.get('/cookies')).headers.getSetCookie()).toEqual(['a=1', 'b=2'])
    expect(await served.text('/steps')).toBe('one\ntwo\n')
  })

  it('knows its request', async () => {
    const text = await served.text('/environ?q=1', { headers: { 'x-tag': 'one' } })
    expect(text).toMatch(
      /^method=GET\nurl=http:\/\/127\.0\.0\.1:\d+\/environ\ncontext=\nservlet=\npath=\/environ\nquery=q=1$/m,
    )
    expect(text).toMatch(/^protocol=HTTP\/1\.1\nscheme=http false\nremote=127\.0\.0\.1 true$/m)
    expect(text).toMatch(/^x-tag: one$/m)
  })

  it('reads its input, however it is framed, and without waiting', async () => {
    const { text } = served
    const body = `${'x'.repeat(99)}\n`.repeat(3000)
    expect(await text('/echo', { method: 'POST', body: 'small' })).toBe('small')
    expect(await text('/length', { method: 'POST', body })).toBe('300000 300000')
    const stream = new Blob([body]).stream()
    expect(await text('/length', { method: 'POST', body: stream, duplex: 'half' } as RequestInit)).toBe('300000 300000')
    for (const sent of ['', 'small', body]) {
      expect(await text('/reads', { method: 'POST', body: sent })).toBe(`${sent.length} read`)
    }
  })

  it('may answer later, from threads of its own', async () => {
    const { text } = served
    expect(await text('/async')).toBe('one two three')
    expect(await text('/async-dispatch')).toBe('dispatched')
    expect(await text('/async-timeout')).toBe('timed out')
    expect((await served.get('/async-raises')).status).toBe(500)
    // Its head is there before its body; a client that resets its connection has left for certain.
    const client = connect(Number(new URL(served.url).port), '127.0.0.1')
    client.write('GET /async-waits HTTP/1.1\r\nHost: a\r\n\r\n')
    expect(String((await once(client, 'data'))[0])).toContain('HTTP/1.1 200')
    client.resetAndDestroy()
    await expect.poll(() => text('/async-errors')).toBe('1')
  })

  it.each([
    [
      '/raises',
      500,
      /^error: .*\njava\.lang\.IllegalStateException: broken on purpose\n\tat exercises\.Exercises\.service\(/m,
    ],
    ['/raises-late', 'broken', /IllegalStateException: broken after the head/],
    ['/splits', 500, /a header field must not contain CR, LF or NUL; got "X-A": "a\\r\\nX-B: b"/],
    ['/short', 'broken', /10/],
    ['/missing', 404, /^$/],
  ])('%s is answered with %s and a line in the words of Java', async (path, expected, line) => {
    const [status, , log] = await ask(path)
    expect([status, log]).toEqual([expected, expect.stringMatching(line)])
    expect(log).not.toMatch(/tsgi\.worker|org\.apache/)
    expect(log.split('IllegalStateException').length).toBeLessThanOrEqual(2)
  })

  it('sends no bytes beyond the length that was declared, and says so', async () => {
    expect((await ask('/long')).slice(0, 2)).toEqual([200, 'four'])
    await expect.poll(() => served.log.join('\n')).toContain('4 bytes more than its Content-Length')
  })

  it('has what it prints in the log, and not in the answer', async () => {
    expect((await ask('/prints')).slice(0, 2)).toEqual([200, 'printed'])
    await expect.poll(() => served.log.join('\n')).toContain('printed to stdout')
    expect(served.log.join('\n')).toContain('written to the log')
  })

  it(
    'fails one request where its process ends or hangs, and has the threads named that it leaves behind',
    { timeout: 120_000 },
    async () => {
      const options = { classPath: [classes], java: JAVA, threads: 2, handlerTimeout: 5000 }
      const { get, text, log, close } = await serve(servlet(APP, options))
      expect((await get('/exits')).status).toBe(500)
      expect(log.join('\n')).toMatch(/the worker exited with code 4 while it answered GET \/exits/)
      const hung = get('/hangs')
      expect(await text('/')).toBe('Hello')
      expect((await hung).status).toBe(500)
      expect(log.join('\n')).toContain('GET /hangs: no sign of an answer for 5 s')
      expect(log.join('\n')).toMatch(/at exercises\.Exercises\.hang_here\(/)
      expect(await text('/thread')).toBe('')
      await close()
      expect(log.join('\n')).toContain('started a thread named [left-behind]')
    },
  )

  it('may come as a .war, or as the folder of one', async () => {
    const folder = join(classes, '..', `${classes.split('/').at(-1)}-war`)
    mkdirSync(join(folder, 'WEB-INF'), { recursive: true })
    cpSync(join(classes, 'exercises'), join(folder, 'WEB-INF/classes/exercises'), { recursive: true })
    writeFileSync(join(folder, 'index.html'), 'a page of the war')
    writeFileSync(
      join(folder, 'WEB-INF/web.xml'),
      `<web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
        <servlet><servlet-name>all</servlet-name><servlet-class>${APP}</servlet-class><async-supported>true</async-supported></servlet>
        <servlet-mapping><servlet-name>all</servlet-name><url-pattern>/all/*</url-pattern></servlet-mapping>
      </web-app>`,
    )
    const war = `${folder}.war`
    spawnSync(join(dirname(JAVA ?? ''), 'jar'), ['-c', '-f', war, '-C', folder, '.'])
    try {
      for (const app of [folder, war]) {
        const { text, close } = await serve(servlet(app, { java: JAVA, threads: 1 }))
        expect(await text('/index.html')).toBe('a page of the war')
        expect(await text('/all/environ')).toMatch(/^servlet=\/all\npath=\/environ$/m)
        await close()
      }
    } finally {
      rmSync(folder, { recursive: true, force: true })
      rmSync(war, { force: true })
    }
  }, 120_000)

  it.each([
    ['exercises.Absent', /there is no class exercises\.Absent on the class path: \/.*tsgi-exercises-/],
    [
      'java.lang.String',
      /expected a jakarta\.servlet\.Servlet .*, got java\.lang\.String, which extends java\.lang\.Object/,
    ],
    ['absent.war', /there is no file .*absent\.war/],
  ])('that cannot be loaded ends the start with a sentence: %s', async (app, expected) => {
    await expect(serve(servlet(app, { classPath: [classes], java: JAVA }))).rejects.toThrow(expected)
  })
})
