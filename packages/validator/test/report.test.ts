import { check, request, validate, ValidationError, type Finding } from '@tsgi/validator'
import layer from '@tsgi/validator/layer'
import type { Application } from '@tsgi/spec'
import { describe, expect, test } from 'vitest'

/** Where a fault stands in this file: the line of the comment that marks it. */
function lineOf(mark: string, source: string): number {
  return source.split('\n').findIndex((line) => line.includes(`// ${mark}`) && !line.includes('lineOf')) + 1
}

const source = await import('node:fs').then(({ readFileSync }) => readFileSync(import.meta.filename, 'utf8'))

const upperCase: Application = (_environ, startResponse) => {
  startResponse(200, ['Content-Type', 'text/plain']) // upper case
  return null
}

const tooShort: Application = (_environ, startResponse) => {
  startResponse(200, ['content-length', '10']) // too short
  return (function* () {
    yield 'short'
  })()
}

describe('a finding', () => {
  test('says what was done, what to do, by whom, where, in which request and by which clause', async () => {
    const findings: Finding[] = []
    await request(validate(upperCase, { report: findings, inner: 'guest book' }), { path: '/a%20b', query: 'c=d' })
    expect(String(findings[0]).replace(/:\d+$/gm, '')).toBe(
      [
        'TSGI_V_HEADER_NAME: A field was called "Content-Type". Write names as lower-case tokens',
        '  by guest book, which in-process called',
        `  at upperCase ${import.meta.filename}:${lineOf('upper case', source)}`,
        '  in GET /a%20b?c=d',
        '  see SPEC.md H.2, Names are lower-case tokens',
      ].join('\n'),
    )
  })

  test('survives JSON', async () => {
    const findings: Finding[] = []
    await request(validate(upperCase, { report: findings }))
    expect(JSON.parse(JSON.stringify(findings[0]))).toMatchObject({
      code: 'TSGI_V_HEADER_NAME',
      clause: 'H.2',
      culprit: 'application',
      inner: 'upperCase',
      frame: { file: import.meta.filename, line: lineOf('upper case', source) },
    })
  })

  test('about a body names the line that began the response, where that is noted', async () => {
    const findings: Finding[] = []
    await request(validate(tooShort, { report: findings, trace: true }))
    expect(findings[0]?.frame).toMatchObject({ call: 'tooShort', line: lineOf('too short', source) })
  })

  test('without noting, names it from the second time on', async () => {
    const findings: Finding[] = []
    const validated = validate(tooShort, { report: findings })
    for (let i = 0; i < 2; i++) await request(validated)
    expect(findings.map(({ frame }) => frame?.line)).toEqual([undefined, lineOf('too short', source)])
  })

  test('about a server names the line that called', async () => {
    const findings: Finding[] = []
    const validated = validate(upperCase, { report: findings })
    validated({} as never, () => {}) // faulty server
    expect(findings[0]).toMatchObject({ culprit: 'server', frame: { line: lineOf('faulty server', source) } })
  })

  test('about what close threw names the line that threw', async () => {
    const findings: Finding[] = []
    const close = () => {
      throw new Error('oops') // thrower
    }
    const body = Object.assign(['a'].values(), { close })
    const app: Application = (_environ, startResponse) => (startResponse(200, []), body)
    await request(validate(app, { report: findings }))
    expect(findings[0]?.frame).toMatchObject({ line: lineOf('thrower', source) })
  })

  test('between middlewares is named by the layers it stands between', async () => {
    const findings: Finding[] = []
    const lossy: (inner: Application) => Application = (inner) => (environ, startResponse) =>
      inner({ ...environ, scriptName: 'shop' }, startResponse)
    const innermost: Application = (_environ, startResponse) => (startResponse(200, []), null)
    const watched = validate(innermost, { report: findings, outer: 'lossy', inner: 'shop' })
    await request(validate(lossy(watched), { report: findings, inner: 'lossy' }))
    expect(findings.map(({ code, outer, inner, culprit }) => [code, outer, inner, culprit])).toEqual([
      ['TSGI_V_SCRIPT_NAME', 'lossy', 'shop', 'server'],
    ])
  })
})

describe('reporting', () => {
  test('throw: the faulty call throws, with the finding', async () => {
    const caught: unknown[] = []
    const app: Application = (environ, startResponse) => {
      try {
        return upperCase(environ, startResponse)
      } catch (error) {
        caught.push(error)
        throw error
      }
    }
    const answer = await request(validate(app, { report: 'throw' }))
    expect(caught[0]).toBeInstanceOf(ValidationError)
    expect(answer).toMatchObject({ status: 500, error: { code: 'TSGI_V_HEADER_NAME', name: 'ValidationError' } })
  })

  test('throw: what is found when nobody is there to catch goes to the log', async () => {
    const app: Application = (_environ, startResponse) => (startResponse(200, []), ['a'].values() as never)
    const log: string[] = []
    const outer: Application = (environ, startResponse) => {
      const errors = { write: (text: string) => void log.push(text), flush() {} }
      const body = validate(app, { report: 'throw' })({ ...environ, errors }, startResponse)
      return [...(body as Iterable<string>)] // never closed
    }
    await request(outer)
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
    expect(log.join('')).toContain('TSGI_V_NOT_CLOSED')
  })

  test('log: each fault goes to the server’s log once', async () => {
    const validated = validate(upperCase)
    const first = await request(validated)
    const second = await request(validated)
    expect(first.log).toContain('TSGI_V_HEADER_NAME')
    expect(second.log).toBe('')
  })

  test('a function of one’s own is given each', async () => {
    const codes: string[] = []
    await request(validate(upperCase, { report: ({ code }) => void codes.push(code) }))
    expect(codes).toEqual(['TSGI_V_HEADER_NAME'])
  })

  test('as a layer, from a module and plain data', async () => {
    const answer = await request(layer(upperCase, { inner: 'guest book' }))
    expect(answer.log).toContain('by guest book')
  })
})

describe('check', () => {
  test('tells what each request came to, and an error from a breach', async () => {
    const { findings, requests } = await check((environ, startResponse) => {
      if (environ.requestMethod === 'DELETE') throw new Error('no rights')
      startResponse(environ.pathInfo === '/' ? 200 : 404, [])
      return null
    })
    expect(findings).toEqual([])
    expect(requests).toContainEqual({ name: 'a plain request', method: 'GET', path: '/', status: 200, error: null })
    expect(requests).toContainEqual(
      expect.objectContaining({ name: 'DELETE', status: 500, error: new Error('no rights') }),
    )
  })

  test('counts what a body that breaks off is answered with as an answer', async () => {
    const { requests } = await check(async (environ, startResponse) => {
      for await (const _ of environ.input);
      startResponse(200, [])
      return null
    })
    expect(requests).toContainEqual(
      expect.objectContaining({ name: 'a body that breaks off', status: 400, error: null }),
    )
  })

  test('asks for the paths it is given', async () => {
    const seen = new Set<string>()
    await check(
      (environ, startResponse) => {
        seen.add(environ.pathInfo)
        startResponse(200, [])
        return null
      },
      { paths: ['/notes', '/login'] },
    )
    expect(seen).toContain('/notes')
    expect(seen).toContain('/login')
    expect(seen).not.toContain('/')
  })

  test('gives up on an application that never answers, and says so', async () => {
    const { requests } = await check(() => new Promise(() => {}), { timeout: 5 })
    expect(requests[0]).toMatchObject({ status: null, error: { message: 'the client left: it had waited for 5 ms' } })
  })

  test('an application that streams without end has answered', async () => {
    const { findings, requests } = await check(
      (_environ, startResponse) => {
        startResponse(200, [])
        return (async function* () {
          yield 'first'
          await new Promise(() => {})
        })()
      },
      { timeout: 5 },
    )
    expect(findings).toEqual([])
    expect(requests.filter(({ error }) => error !== null)).toEqual([])
  })

  test('does not take for a difference of HEAD what differs between two GETs', async () => {
    let n = 0
    const counting: Application = (_environ, startResponse) => {
      startResponse(200, ['x-count', String(n++)])
      return null
    }
    expect((await check(counting)).findings).toEqual([])
  })

  test('finds a field that HEAD leaves out, but lets it leave out the length', async () => {
    const app =
      (left: string): Application =>
      (environ, startResponse) => {
        const fields = ['content-length', '2', 'etag', '"a"']
        const at = fields.indexOf(left)
        startResponse(200, environ.requestMethod === 'HEAD' ? fields.toSpliced(at, 2) : fields)
        return environ.requestMethod === 'HEAD' ? null : 'hi'
      }
    expect((await check(app('content-length'))).findings).toEqual([])
    expect((await check(app('etag'))).findings.map(({ code }) => code)).toEqual(['TSGI_V_HEAD_DIFFERS'])
  })

  test('runs the lifespan, and rejects where startup fails', async () => {
    const broken = Object.assign(upperCase.bind(null), { startup: () => Promise.reject(new Error('no database')) })
    await expect(check(broken)).rejects.toThrow('no database')
  })
})

test('what is no application is refused', () => {
  expect(() => validate({ fetch() {} } as never)).toThrow('validate takes an application; came object')
})
