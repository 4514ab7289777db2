import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib'
import { header, headers, type Application, type Body, type HeaderList } from '@tsgi/spec'
import { request } from '@tsgi/validator'
import { describe, expect, it } from 'vitest'
import { compress, type CompressionOptions } from '../src/index.ts'

const TEXT = 'all work and no play makes a dull body. '.repeat(200)
const READ = { br: brotliDecompressSync, gzip: gunzipSync, zstd: zstdDecompressSync }

const answering =
  (body: () => Body, fields: HeaderList = ['content-type', 'text/plain; charset=utf-8'], status = 200): Application =>
  (_environ, startResponse) => {
    startResponse(status, fields)
    return body()
  }

async function ask(app: Application, accept: string | null = 'gzip', options: CompressionOptions = {}, method = 'GET') {
  const fields = accept === null ? [] : ['accept-encoding', accept]
  const answer = await request(compress(app, options), { method, headers: ['host', 'x', ...fields] })
  const coding = header(answer.sent, 'content-encoding') as keyof typeof READ | undefined
  const bytes = Buffer.from(answer.body)
  return {
    ...answer,
    coding,
    vary: headers(answer.sent, 'vary').join(', '),
    get text(): string {
      return (coding === undefined || bytes.length === 0 ? bytes : READ[coding](bytes)).toString()
    },
  }
}

const KINDS: Readonly<Record<string, () => Body>> = {
  'a string': () => TEXT,
  bytes: () => Buffer.from(TEXT),
  'an array': () => [TEXT.slice(0, 100), Buffer.from(TEXT.slice(100))],
  'a generator': () =>
    (function* () {
      for (let at = 0; at < TEXT.length; at += 999) yield TEXT.slice(at, at + 999)
    })(),
  'an async generator': () =>
    (async function* () {
      yield TEXT.slice(0, 10)
      await Promise.resolve()
      yield Buffer.from(TEXT.slice(10))
    })(),
  'a function that writes': () => async (out) => {
    await out.write(TEXT.slice(0, 500))
    await out.flush()
    await out.write(TEXT.slice(500))
  },
}

describe('compress', () => {
  for (const [kind, body] of Object.entries(KINDS)) {
    it.each(['gzip', 'br', 'zstd'])(`sends ${kind} in %s`, async (coding) => {
      const answer = await ask(answering(body), coding)
      expect([answer.coding, answer.vary, answer.text === TEXT, answer.whole]).toEqual([
        coding,
        'accept-encoding',
        true,
        true,
      ])
      expect(answer.body.length).toBeLessThan(TEXT.length / 10)
    })
  }

  it.each([
    ['gzip, br;q=0.9', 'gzip'],
    ['gzip, br, zstd', 'zstd'],
    ['br;q=0.5, gzip;q=0.2', 'br'],
    ['x-gzip', 'gzip'],
    ['*', 'zstd'],
    ['identity', undefined],
    ['gzip;q=0', undefined],
    ['deflate', undefined],
    [null, undefined],
  ])('chooses for %j', async (accept, coding) => {
    const answer = await ask(
      answering(() => TEXT),
      accept,
    )
    expect([answer.coding, answer.vary, answer.text === TEXT]).toEqual([coding, 'accept-encoding', true])
  })

  it('compresses a body of more than 16 KiB beside the event loop', async () => {
    const long = TEXT.repeat(20)
    for (const coding of ['gzip', 'br', 'zstd'])
      expect(
        (
          await ask(
            answering(() => long),
            coding,
          )
        ).text === long,
      ).toBe(true)
  })

  const plain = ['content-type', 'text/plain']
  it.each<[string, Application]>([
    ['what is short', answering(() => 'short')],
    ['what says that it is short', answering(KINDS['a generator'] as () => Body, [...plain, 'content-length', '8'])],
    ['what is compressed', answering(() => TEXT, [...plain, 'content-encoding', 'br'])],
    ['a picture', answering(() => TEXT, ['content-type', 'image/png'])],
    ['what has no type', answering(() => TEXT, [])],
    ['no-transform', answering(() => TEXT, [...plain, 'cache-control', 'public, No-Transform'])],
    ['what has a digest', answering(() => TEXT, [...plain, 'content-digest', 'sha-256=:x:'])],
    ['a range', answering(() => TEXT, [...plain, 'content-range', 'bytes 0-7999/9000'], 206)],
    ['a 204', answering(() => null, [], 204)],
  ])('leaves %s alone', async (_, app) => {
    const answer = await ask(app)
    expect([header(answer.sent, 'content-encoding') === 'gzip', answer.vary]).toEqual([false, ''])
  })

  it('leaves HEAD and incompressible bytes as they are', async () => {
    expect(
      (
        await ask(
          answering(() => TEXT),
          'gzip',
          {},
          'HEAD',
        )
      ).coding,
    ).toBeUndefined()
    const noise = crypto.getRandomValues(new Uint8Array(5000))
    const answer = await ask(
      answering(() => noise),
      'gzip',
    )
    expect([answer.coding, answer.body.length]).toEqual([undefined, 5000])
  })

  it('weakens an entity tag, and takes off a length and ranges', async () => {
    const fields = [
      'content-type',
      'text/css',
      'etag',
      '"a"',
      'content-length',
      String(TEXT.length),
      'accept-ranges',
      'bytes',
    ]
    const { sent, vary } = await ask(answering(() => TEXT, [...fields, 'vary', 'Cookie']))
    expect([header(sent, 'etag'), headers(sent, 'content-length').length, header(sent, 'accept-ranges'), vary]).toEqual(
      ['W/"a"', 1, undefined, 'Cookie, accept-encoding'],
    )
    expect(header((await ask(answering(() => null, ['etag', '"a"'], 304))).sent, 'vary')).toBe('accept-encoding')
  })

  it('keeps what an application throws, before and after the head is sent', async () => {
    const failing = (sends: boolean): Application =>
      answering(() => async (out) => {
        await out.write(TEXT)
        if (sends) await out.flush()
        throw new Error('bug')
      })
    expect((await ask(failing(false))).status).toBe(500)
    const broken = await ask(failing(true))
    expect([broken.status, broken.coding, broken.whole]).toEqual([200, 'gzip', false])
  })

  it('refuses fields in startResponse, and a second call', async () => {
    const seen: unknown[] = []
    const app: Application = (_environ, startResponse) => {
      for (const fields of [['x-a', 'b\r\nc'], ['content-type', 'text/plain'], []]) {
        try {
          startResponse(200, fields)
          seen.push('taken')
        } catch (error) {
          seen.push((error as Error).name)
        }
      }
      return TEXT
    }
    expect((await ask(app)).text).toBe(TEXT)
    expect(seen).toEqual(['FieldError', 'taken', 'ResponseError'])
  })

  it('replaces a head by the number of arguments, whatever was thrown, and its trailers with it', async () => {
    const answer = await ask(({ server }, startResponse) => {
      startResponse(200, ['content-type', 'text/plain', 'trailer', 'x-sum'])
      server.trailers?.(() => ['x-sum', '1'])
      startResponse(500, ['content-type', 'text/html'], undefined)
      return TEXT
    })
    expect([answer.status, answer.text, answer.trailers ?? []]).toEqual([500, TEXT, []])
  })

  it('leaves a flush alone that comes before there is a head', async () => {
    const answer = await ask(({ server }, startResponse) =>
      (function* () {
        server.flush()
        startResponse(200, ['content-type', 'text/plain'])
        server.flush()
        yield TEXT
      })(),
    )
    expect([answer.status, answer.text]).toEqual([200, TEXT])
  })

  it.each(['content-digest', 'repr-digest', 'digest', 'content-md5'])(
    'leaves a body alone that has a %s',
    async (name) => {
      const answer = await ask(answering(() => TEXT, ['content-type', 'text/plain', name, 'sha-256=:AA==:']))
      expect(answer.coding).toBeUndefined()
    },
  )

  it('closes bodies, and forwards the lifespan', async () => {
    const log: string[] = []
    const app: Application = Object.assign(
      answering(() =>
        Object.assign((KINDS['a generator'] as () => Iterable<string>)(), { close: () => void log.push('closed') }),
      ),
      { startup: () => void log.push('startup'), shutdown: () => void log.push('shutdown') },
    )
    const wrapped = compress(app)
    await wrapped.startup?.()
    await request(wrapped, { headers: ['accept-encoding', 'gzip'] })
    await wrapped.shutdown?.()
    expect(log).toEqual(['startup', 'closed', 'shutdown'])
  })

  it.each([{ codings: ['deflate'] }, { threshold: -1 }, { levels: { br: 12 } }])(
    'throws for the options %j',
    (options) => {
      expect(() =>
        compress(
          answering(() => ''),
          options as never,
        ),
      ).toThrow(/^\w+(\.\w+)?: expected .*, got /)
    },
  )
})
