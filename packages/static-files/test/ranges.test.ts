import { describe, expect, it } from 'vitest'
import { staticFiles, type StaticOptions } from '@tsgi/static-files'
import { httpDate } from '@tsgi/http-fields'
import { utimesSync } from 'node:fs'
import { temporaryFolder } from './folder.ts'
import { request, type TestResponse } from './request.ts'

const TEN = '0123456789'

// From memory, and streamed.
describe.each([
  ['in memory', {}],
  ['streamed', { memory: { perFile: 0 } }],
] satisfies [string, StaticOptions][])('ranges of a file %s', (_, options) => {
  async function get(range: string | string[], more: string[] = [], method = 'GET'): Promise<TestResponse> {
    using folder = temporaryFolder()
    utimesSync(folder.write('a.txt', TEN), 1_700_000_000, 1_700_000_000)
    const headers = [range].flat().flatMap((value) => ['range', value])
    return await request(staticFiles(folder.path, options), '/a.txt', { method, headers: [...headers, ...more] })
  }

  describe('one range', () => {
    it.each([
      ['bytes=0-0', '0', 'bytes 0-0/10'],
      ['bytes=2-4', '234', 'bytes 2-4/10'],
      ['bytes=7-', '789', 'bytes 7-9/10'],
      ['bytes=-3', '789', 'bytes 7-9/10'],
      ['bytes=8-100', '89', 'bytes 8-9/10'],
      ['bytes=-100', TEN, 'bytes 0-9/10'],
      ['bytes=0-', TEN, 'bytes 0-9/10'],
    ])('%s', async (range, text, contentRange) => {
      const response = await get(range)
      expect(response.status).toBe(206)
      expect(response.text).toBe(text)
      expect(response.header('content-range')).toBe(contentRange)
      expect(response.header('content-length')).toBe(String(text.length))
      expect(response.header('content-type')).toBe('text/plain; charset=utf-8')
    })

    it.each(['bytes=10-', 'bytes=10-11', 'bytes=-0', 'bytes=99-100,-0'])('%s: 416', async (range) => {
      const response = await get(range)
      expect(response.status).toBe(416)
      expect(response.header('content-range')).toBe('bytes */10')
    })

    it('sends with a 206 what a 200 sends of the file', async () => {
      const whole = await get([])
      const part = await get('bytes=0-0')
      for (const name of ['etag', 'last-modified', 'cache-control', 'accept-ranges', 'x-content-type-options']) {
        expect(part.header(name)).toBe(whole.header(name))
        expect(whole.header(name)).toBeDefined()
      }
      expect(whole.header('accept-ranges')).toBe('bytes')
    })
  })

  describe('bad range', () => {
    it.each([
      'bytes=9-1',
      'bytes=a-b',
      'bytes=',
      'bytes=-',
      'bytes=1',
      'bytes 0-1',
      'items=0-1',
      '',
      '0-1',
      'bytes=0-1,9-1',
    ])('%j: 200 with the whole file', async (range) => {
      const response = await get(range)
      expect([response.status, response.text]).toEqual([200, TEN])
      expect(response.header('content-range')).toBeUndefined()
    })

    it('two Range fields: 200', async () => {
      expect((await get(['bytes=0-1', 'bytes=3-4'])).status).toBe(200)
    })

    it('is ignored on HEAD', async () => {
      const response = await get('bytes=0-1', [], 'HEAD')
      expect([response.status, response.header('content-length')]).toEqual([200, '10'])
      expect((await get('bytes=99-', [], 'HEAD')).status).toBe(200)
    })

    it('is ignored on POST', async () => {
      expect((await get('bytes=0-1', [], 'POST')).status).toBe(405)
    })
  })

  describe('many ranges', () => {
    function parts(response: TestResponse): string[] {
      expect(response.status).toBe(206)
      expect(response.header('content-range')).toBeUndefined()
      const boundary = /^multipart\/byteranges; boundary=([\w-]{1,70})$/.exec(
        response.header('content-type') ?? '',
      )?.[1]
      expect(boundary).toBeDefined()
      const [first, ...rest] = `\r\n${response.text}`.split(`\r\n--${boundary}`)
      expect(first).toBe('')
      expect(rest.pop()).toBe('--\r\n')
      return rest.map((part) => {
        const [, type, range, content] =
          /^\r\ncontent-type: (.*)\r\ncontent-range: bytes (.*)\r\n\r\n(.*)$/.exec(part) ?? []
        expect(type).toBe('text/plain; charset=utf-8')
        return `${range} ${content}`
      })
    }

    it.each([
      ['bytes=0-1,4-5', ['0-1/10 01', '4-5/10 45']],
      ['bytes=8-9, 0-0', ['8-9/10 89', '0-0/10 0']],
      ['bytes=0-0,-1', ['0-0/10 0', '9-9/10 9']],
      ['bytes=0-1,20-30,4-5,-0', ['0-1/10 01', '4-5/10 45']],
      ['bytes=0-2,1-3,6-6', ['0-3/10 0123', '6-6/10 6']],
    ])('%s', async (range, expected) => {
      expect(parts(await get(range))).toEqual(expected)
    })

    it('sends ranges that join into one as one, and so one that is left of several', async () => {
      for (const range of ['bytes=0-2,2-4', 'bytes=0-4,20-30']) {
        const response = await get(range)
        expect([response.status, response.text, response.header('content-range')]).toEqual([
          206,
          '01234',
          'bytes 0-4/10',
        ])
      }
    })

    it('sends the whole file when there are more than the cap', async () => {
      expect((await get(`bytes=${'0-0,'.repeat(16)}`)).status).toBe(206)
      expect((await get(`bytes=${'0-0,'.repeat(17)}`)).status).toBe(200)
    })
  })

  describe('If-Range', () => {
    it('is held by the exact date', async () => {
      expect((await get('bytes=0-0', ['if-range', httpDate(1_700_000_000_000)])).status).toBe(206)
    })

    it.each([httpDate(1_699_999_999_000), httpDate(1_700_000_001_000), '"x"', 'W/"x"', '*', '', 'garbage'])(
      'is not held by %j',
      async (ifRange) => {
        const response = await get('bytes=0-0', ['if-range', ifRange])
        expect([response.status, response.text]).toEqual([200, TEN])
      },
    )

    it('is held by a strong entity tag only', async () => {
      const etag = (await get([])).header('etag') as string
      const response = await get('bytes=0-0', ['if-range', etag])
      expect(response.status).toBe(etag.startsWith('W/') ? 200 : 206)
      expect((await get('bytes=0-0', ['if-range', `W/${etag}`])).status).toBe(200)
    })

    it('means nothing twice', async () => {
      const date = httpDate(1_700_000_000_000)
      expect((await get('bytes=0-0', ['if-range', date, 'if-range', date])).status).toBe(200)
    })

    it('means nothing without Range', async () => {
      expect((await get([], ['if-range', '"x"'])).status).toBe(200)
    })
  })

  it('says that there are none where there are to be none', async () => {
    using folder = temporaryFolder({ 'a.txt': TEN })
    const app = staticFiles(folder.path, { ...options, maxRanges: 0 })
    const response = await request(app, '/a.txt', { headers: ['range', 'bytes=0-0'] })
    expect([response.status, response.header('accept-ranges')]).toEqual([200, 'none'])
  })

  it('has no ranges of an empty file', async () => {
    using folder = temporaryFolder({ empty: '' })
    const app = staticFiles(folder.path, options)
    expect((await request(app, '/empty', { headers: ['range', 'bytes=0-'] })).status).toBe(416)
    expect((await request(app, '/empty', { headers: ['range', 'bytes=-1'] })).status).toBe(200)
    expect((await request(app, '/empty')).header('content-length')).toBe('0')
  })
})
