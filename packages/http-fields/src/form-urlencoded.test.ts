import { describe, expect, it } from 'vitest'
import { FormError } from './form-error.ts'
import type { FormLimits } from './form-limits.ts'
import { readUrlEncoded } from './form-urlencoded.ts'

async function* bytes(text: string, size = 3): AsyncGenerator<Uint8Array> {
  const whole = Buffer.from(text, 'latin1')
  for (let at = 0; at < whole.length; at += size) yield whole.subarray(at, at + size)
}

const read = async (text: string): Promise<[string, string][]> => [...(await readUrlEncoded(bytes(text)))]

describe('readUrlEncoded', () => {
  it('decodes names and values, and keeps repeated ones in order', async () => {
    expect(await read('a+b=1%202&c=J%C3%BCrgen&c=&d')).toEqual([
      ['a b', '1 2'],
      ['c', 'Jürgen'],
      ['c', ''],
      ['d', ''],
    ])
  })

  it('keeps a question mark and a byte order mark at the start', async () => {
    expect(await read('?a=1')).toEqual([['?a', '1']])
    expect(await read('\xEF\xBB\xBFa=1')).toEqual([['\uFEFFa', '1']])
  })

  it('leaves a bad escape as it is', async () => {
    expect(await read('rate=100%&x=%zz')).toEqual([
      ['rate', '100%'],
      ['x', '%zz'],
    ])
  })

  it('reads an empty body', async () => {
    expect(await read('')).toEqual([])
  })

  it('refuses a body over the limit as soon as it is over', async () => {
    let given = 0
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) {
        given += 10
        yield Buffer.from('a=123456&b')
      }
    }
    const error = await readUrlEncoded(endless(), { maxFieldsSize: 100 }).catch((error: unknown) => error)
    expect(error).toBeInstanceOf(FormError)
    expect(error).toMatchObject({ status: 413, code: 'TSGI_ERR_FORM_TOO_LARGE' })
    expect(given).toBe(110)
  })

  it('refuses one field too many', async () => {
    await expect(readUrlEncoded(bytes('a&b&c'), { maxFields: 2 })).rejects.toMatchObject({ status: 413 })
    expect((await readUrlEncoded(bytes('a&b'), { maxFields: 2 })).size).toBe(2)
  })

  it('keeps its limits where one is given as undefined', async () => {
    const limits = { maxFields: undefined, maxFieldsSize: undefined } as unknown as Partial<FormLimits>
    await expect(readUrlEncoded(bytes('a&'.repeat(1001), 100), limits)).rejects.toMatchObject({ status: 413 })
    await expect(readUrlEncoded(bytes('x'.repeat(1024 * 1024 + 1), 10_000), limits)).rejects.toMatchObject({
      status: 413,
    })
  })

  it('passes on the error of its source', async () => {
    const cut = Object.assign(new Error('cut short'), { status: 400 })
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('a=1')
      throw cut
    }
    await expect(readUrlEncoded(broken())).rejects.toBe(cut)
  })
})
