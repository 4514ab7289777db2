import { createHash, randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { FormLimits } from './form-limits.ts'
import { readMultipart } from './form-multipart.ts'

const TYPE = 'multipart/form-data; boundary=xyz'

interface Part {
  readonly disposition: string
  readonly type?: string
  readonly content: string | Uint8Array
}

const field = (name: string, content: string): Part => ({ disposition: `form-data; name="${name}"`, content })
const file = (name: string, filename: string, content: string | Uint8Array, type = 'text/plain'): Part => ({
  disposition: `form-data; name="${name}"; filename="${filename}"`,
  type,
  content,
})

function form(...parts: readonly Part[]): Buffer {
  const lines = parts.flatMap((part) => [
    `--xyz\r\nContent-Disposition: ${part.disposition}\r\n`,
    part.type === undefined ? '' : `Content-Type: ${part.type}\r\n`,
    '\r\n',
    part.content,
    '\r\n',
  ])
  return Buffer.concat([...lines, '--xyz--\r\n'].map((line) => (typeof line === 'string' ? Buffer.from(line) : line)))
}

async function* pieces(whole: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < whole.length; at += size) yield whole.subarray(at, at + size)
}

type Read = [name: string, value: string] | [name: string, filename: string, type: string, content: string]

async function read(body: Uint8Array, size: number = body.length, limits?: Partial<FormLimits>): Promise<Read[]> {
  const found: Read[] = []
  for await (const part of readMultipart(pieces(body, size), TYPE, limits)) {
    if (part.kind === 'field') found.push([part.name, part.value])
    else found.push([part.name, part.filename, part.type, (await text(part.content)).toString()])
  }
  return found
}

async function text(content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of content) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** Without the closing dashes. */
const cut = (body: Buffer): string => body.toString().replace(/--\r\n$/, '')

describe('readMultipart', () => {
  const mixed = form(
    field('who', 'Zoë\r\n--xy'),
    file('pic', 'ä.txt', 'one\r\ntwo'),
    field('who', ''),
    file('none', '', ''),
  )
  const expected: Read[] = [
    ['who', 'Zoë\r\n--xy'],
    ['pic', 'ä.txt', 'text/plain', 'one\r\ntwo'],
    ['who', ''],
    ['none', '', 'text/plain', ''],
  ]

  it('gives fields and files in their order', async () => {
    expect(await read(mixed)).toEqual(expected)
  })

  it('gives the same however the bytes were cut', async () => {
    for (const size of [1, 2, 3, 5, 7, 64]) expect(await read(mixed, size)).toEqual(expected)
    for (let at = 1; at < mixed.length; at += 1) {
      const source = (async function* () {
        yield mixed.subarray(0, at)
        yield mixed.subarray(at)
      })()
      const names: string[] = []
      for await (const part of readMultipart(source, TYPE)) {
        if (part.kind === 'file') await text(part.content)
        names.push(part.name)
      }
      expect(names).toEqual(['who', 'pic', 'who', 'none'])
    }
  })

  it('reads a form without parts, and ignores what follows the end', async () => {
    expect(await read(form())).toEqual([])
    expect(await read(Buffer.concat([form(field('a', '1')), randomBytes(1000)]), 100)).toEqual([['a', '1']])
  })

  it('takes a quoted boundary, and a client path only for its last name', async () => {
    const body = form(file('a', 'C:\\\\temp\\\\x.txt', '1'), file('b', '../../etc/passwd', '2'))
    const names: string[] = []
    for await (const part of readMultipart(pieces(body, 9), 'Multipart/Form-Data; Boundary="xyz"')) {
      if (part.kind === 'file') names.push(part.filename)
    }
    expect(names).toEqual(['x.txt', 'passwd'])
  })

  it('streams a file: reads no further than its reader does', async () => {
    const content = randomBytes(8 * 1024 * 1024)
    const body = form(file('big', 'big.bin', content, 'application/octet-stream'))
    let taken = 0
    const source = (async function* () {
      for await (const piece of pieces(body, 16 * 1024)) {
        taken += piece.length
        yield piece
      }
    })()
    const hash = createHash('sha256')
    let received = 0
    let furthest = 0
    for await (const part of readMultipart(source, TYPE)) {
      if (part.kind !== 'file') throw new Error('expected a file')
      for await (const chunk of part.content) {
        furthest = Math.max(furthest, taken - received)
        received += chunk.length
        hash.update(chunk)
        if (received < 1024 * 1024) await new Promise(setImmediate)
      }
    }
    expect(hash.digest('hex')).toBe(createHash('sha256').update(content).digest('hex'))
    expect(furthest).toBeLessThan(512 * 1024)
  })

  it('drops a file that nobody read and goes on', async () => {
    const body = form(file('big', 'big.bin', randomBytes(1024 * 1024)), field('after', 'it'))
    const names: string[] = []
    for await (const part of readMultipart(pieces(body, 10_000), TYPE)) names.push(part.name)
    expect(names).toEqual(['big', 'after'])
  })

  it('says so when a file is read after the next part was asked for', async () => {
    const kept: AsyncIterable<Uint8Array>[] = []
    for await (const part of readMultipart(pieces(form(file('f', 'f.txt', 'x'), field('a', '1')), 8), TYPE)) {
      if (part.kind === 'file') kept.push(part.content)
    }
    await expect(text(kept[0]!)).rejects.toThrow('before asking for the next part')
  })

  it('lets go of its source when it is left early', async () => {
    let released = false
    const source = (async function* () {
      try {
        yield* pieces(form(field('a', '1'), field('b', '2')), 40)
      } finally {
        released = true
      }
    })()
    for await (const part of readMultipart(source, TYPE)) if (part.name === 'a') break
    expect(released).toBe(true)
  })

  it('gives a part as soon as it has come', async () => {
    const body = form(field('first', '1'), field('second', '2'))
    const parts = readMultipart(
      (async function* () {
        yield body.subarray(0, body.indexOf('second'))
        throw new Error('read too far')
      })(),
      TYPE,
    )
    expect((await parts.next()).value).toMatchObject({ name: 'first', value: '1' })
  })

  describe('refuses with 413', () => {
    it.each<[string, Partial<FormLimits>, Buffer]>([
      ['one field too many', { maxFields: 1 }, form(field('a', '1'), field('b', '2'))],
      ['one file too many', { maxFiles: 1 }, form(file('a', 'a', '1'), file('b', 'b', '2'))],
      ['a field that is too long', { maxFieldsSize: 10 }, form(field('a', 'x'.repeat(11)))],
      ['fields that are too long together', { maxFieldsSize: 10 }, form(field('a', 'xxxx'), field('b', 'xxxxx'))],
      ['a file that is too long', { maxFileSize: 10 }, form(file('a', 'a', 'x'.repeat(11)))],
    ])('%s', async (_, limits, body) => {
      for (const size of [1, 50, body.length]) {
        await expect(read(body, size, limits)).rejects.toMatchObject({ status: 413, code: 'TSGI_ERR_FORM_TOO_LARGE' })
      }
    })

    it('but takes what just fits', async () => {
      const limits = { maxFields: 1, maxFiles: 1, maxFieldsSize: 10, maxFileSize: 10 }
      expect(await read(form(field('a', 'x'.repeat(9)), file('b', 'b', 'y'.repeat(10))), 11, limits)).toHaveLength(2)
    })
  })

  it.each(['x'.repeat(70), `"a b'()+_,-./:=?c"`, '----WebKitFormBoundary7MA4YWxkTrZu0gW', '"xyz"; charset="a;b"'])(
    'takes the boundary %s',
    async (boundary) => {
      const plain = /^"([^"]*)"/.exec(boundary)?.[1] ?? boundary
      const body = Buffer.from(form(field('a', '1')).toString().replaceAll('--xyz', `--${plain}`))
      const names: string[] = []
      for await (const { name } of readMultipart(pieces(body, 7), `multipart/form-data; BOUNDARY=${boundary}`)) {
        names.push(name)
      }
      expect(names).toEqual(['a'])
    },
  )

  describe('refuses with 400', () => {
    const whole = form(field('a', '1'), file('b', 'b', '2'.repeat(100)))
    it.each([
      ['an empty body', Buffer.alloc(0)],
      ['a body without the boundary', Buffer.from('a=1&b=2')],
      ['a body cut in a file', whole.subarray(0, -60)],
      ['a body cut before its last boundary', whole.subarray(0, -8)],
      ['a body cut in the head of a part', whole.subarray(0, 20)],
      ['a part without a name', form({ disposition: 'form-data', content: '1' })],
      ['a file without a name', form({ disposition: 'form-data; filename="x"', content: '1' })],
      ['a part without fields', Buffer.from('--xyz\r\n\r\n1\r\n--xyz--\r\n')],
      ['a part without fields behind a good one', Buffer.from(`${cut(form(field('a', '1')))}\r\n\r\n2\r\n--xyz--\r\n`)],
      ['a part without a disposition', Buffer.from('--xyz\r\nContent-Type: text/plain\r\n\r\n1\r\n--xyz--\r\n')],
      ['a part with another disposition', form({ disposition: 'attachment; name="a"', content: '1' })],
      ['a name with a line break', form({ disposition: 'form-data; name="a\nb"', content: '1' })],
      [
        'a part whose fields do not end',
        Buffer.from('--xyz\r\nContent-Disposition: form-data; name="a"\r\n--xyz--\r\n'),
      ],
    ])('%s', async (_, body) => {
      for (const size of [1, 50]) {
        await expect(read(body, size)).rejects.toMatchObject({ status: 400, code: 'TSGI_ERR_FORM_MALFORMED' })
      }
    })

    it.each(['multipart/form-data', 'multipart/form-data; boundary=', 'multipart/form-data; boundary=""'])(
      'a content-type without a boundary: %s',
      (type) => {
        expect(() => readMultipart(pieces(whole, 50), type)).toThrow('boundary')
      },
    )

    it.each([
      ['of 71 characters', 'x'.repeat(71)],
      ['of 10,000 characters', 'x'.repeat(10_000)],
      ['with a character that none may have', 'a@b'],
      ['with a space at its end', '"a "'],
      ['that is not closed', '"xyz'],
      ['beside another', 'xyz; boundary=abc'],
    ])('a boundary %s', (_, boundary) => {
      const refused = expect.objectContaining({ status: 400, code: 'TSGI_ERR_FORM_MALFORMED' })
      expect(() => readMultipart(pieces(whole, 50), `multipart/form-data; boundary=${boundary}`)).toThrow(refused)
    })
  })

  it('refuses another media type with 415', () => {
    expect(() => readMultipart(pieces(mixed, 50), 'text/plain')).toThrow(expect.objectContaining({ status: 415 }))
    expect(() => readMultipart(pieces(mixed, 50), 'multipart/form-data-x; boundary=xyz')).toThrow('multipart/form-data')
  })

  it('passes on the error of its source, to a file that is being read as well', async () => {
    const tooSlow = Object.assign(new Error('too slow'), { status: 408 })
    const body = form(file('f', 'f', randomBytes(1000)))
    const source = (async function* () {
      yield body.subarray(0, 500)
      throw tooSlow
    })()
    const parts = readMultipart(source, TYPE)
    const { value: part } = await parts.next()
    if (part?.kind !== 'file') throw new Error('expected a file')
    await expect(text(part.content)).rejects.toBe(tooSlow)
  })
})
