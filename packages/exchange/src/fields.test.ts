import { describe, expect, test } from 'vitest'
import { checkFields, checkTrailers, fieldPreparer, withContentLength } from './fields.ts'

describe('the fields of a response', () => {
  test.each<[string, unknown, number]>([
    ['a list of odd length', ['content-type'], 200],
    ['what is no list', 'content-type', 200],
    ['null', null, 200],
    ['a name in upper case', ['X-A', '1'], 200],
    ['a name that is no token', ['a b', '1'], 200],
    ['an empty name', ['', '1'], 200],
    ['a name that is no string', [5, '1'], 200],
    ['a value that is no string', ['x-a', 5], 200],
    ['a line break in a value', ['x-a', 'b\r\nc: d'], 200],
    ['a line feed in a value', ['x-a', 'b\nc'], 200],
    ['NUL in a value', ['x-a', 'b\0'], 200],
    ['a character above 0xFF', ['x-a', '€'], 200],
    ['U+010D, whose low byte is a carriage return', ['x-a', '\u010d'], 200],
    ['a leading space', ['x-a', ' b'], 200],
    ['a trailing space', ['x-a', 'b '], 200],
    ['a trailing tab', ['x-a', 'b\t'], 200],
    ['a value of one space', ['x-a', ' '], 200],
    ['two lengths', ['content-length', '1', 'content-length', '1'], 200],
    ['a length with a sign', ['content-length', '+1'], 200],
    ['a length with a point', ['content-length', '1.0'], 200],
    ['an empty length', ['content-length', ''], 200],
    ['a length beyond what a number holds', ['content-length', '9007199254740993'], 200],
    ['transfer-encoding', ['transfer-encoding', 'chunked'], 200],
    ['keep-alive', ['keep-alive', 'timeout=5'], 200],
    ['te', ['te', 'trailers'], 200],
    ['proxy-connection', ['proxy-connection', 'close'], 200],
    ['connection: keep-alive', ['connection', 'keep-alive'], 200],
    ['upgrade without 426', ['upgrade', 'h2c'], 200],
  ])('refuse %s', (_, list, status) => {
    expect(() => checkFields(list as string[], status)).toThrow(
      expect.objectContaining({ name: 'FieldError', code: 'TSGI_ERR_FIELD' }),
    )
  })

  test.each<[string, string[], number]>([
    ['bytes above ASCII', ['x-a', 'caf\xe9'], 200],
    ['a tab inside a value', ['x-a', 'a\tb'], 200],
    ['an empty value', ['x-a', ''], 200],
    ['connection: close in any case', ['connection', 'Close'], 200],
    ['upgrade with 426', ['upgrade', 'h2c'], 426],
    ['a name of the prototype', ['constructor', '1', '__proto__', '2'], 200],
  ])('may have %s', (_, list, status) => {
    expect(checkFields(list, status).list).toEqual(list)
  })

  test('give a length in one way of writing', () => {
    expect(checkFields(['content-length', '00011'], 200)).toMatchObject({
      contentLength: 11,
      list: ['content-length', '11'],
    })
  })

  test('take the length that the exchange says', () => {
    const declared = checkFields(['content-length', '4', 'x-a', 'content-length'], 200)
    expect(withContentLength(declared, 4)).toBe(declared.list)
    expect(withContentLength(declared, -1)).toEqual(['x-a', 'content-length'])
    expect(withContentLength(declared, 0)).toEqual(['x-a', 'content-length', 'content-length', '0'])
    expect(withContentLength(checkFields([], 200), 3)).toEqual(['content-length', '3'])
    expect(withContentLength(checkFields([], 200), -1)).toEqual([])
  })
})

describe('the fields after a body', () => {
  test.each(['set-cookie', 'authorization', 'content-length', 'content-type', 'host', 'trailer', 'connection', 'date'])(
    'may not be %s',
    (name) => {
      const value = name === 'connection' ? 'close' : '1'
      expect(() => checkTrailers([name, value])).toThrow(expect.objectContaining({ code: 'TSGI_ERR_FIELD' }))
    },
  )

  test('may be what describes the content', () => {
    expect(checkTrailers(['digest', 'abc', 'server-timing', 'db;dur=3']).list).toHaveLength(4)
  })
})

describe('prepared fields', () => {
  test('are made once for equal lists', () => {
    let made = 0
    const prepare = fieldPreparer(() => ++made)
    expect([prepare(['a', '1'], 200), prepare(['a', '1'], 404), prepare(['a', '2'], 200)]).toEqual([1, 1, 2])
  })

  test('do not change with the list of the application', () => {
    const prepare = fieldPreparer(({ list }) => [...list])
    const list = ['a', '1']
    prepare(list, 200)
    list[1] = '2'
    expect(prepare(list, 200)).toEqual(['a', '2'])
  })

  test('are checked again where the status decides', () => {
    const prepare = fieldPreparer(({ list }) => list)
    expect(prepare(['upgrade', 'h2c'], 426)).toEqual(['upgrade', 'h2c'])
    expect(() => prepare(['upgrade', 'h2c'], 200)).toThrow('426')
  })
})
