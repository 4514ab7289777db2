import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { TestServer } from '../test/run.ts'
import { WsgiInput } from './input.ts'
import { receiveBody, type RequestBody } from './request-body.ts'

let directory = ''
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'tsgi-wsgi-'))
})
afterAll(() => rmSync(directory, { recursive: true }))

const inputOf = (...body: (string | Promise<string>)[]) => new TestServer().environ({ body }).input
const text = (bytes: Buffer) => bytes.toString()

describe.each([
  ['in memory', 1024],
  ['in a file', 4],
])('a body %s', (_, memory) => {
  const open = async (...body: (string | Promise<string>)[]): Promise<[WsgiInput, RequestBody]> => {
    const received = await receiveBody(inputOf(...body), { memory, directory })
    return [new WsgiInput(received), received]
  }

  test('read gives exactly the size asked for, however it came', async () => {
    const [input, body] = await open('ab', Promise.resolve('cde'), 'fgh', Promise.resolve('ij'))
    expect([input.read(3), input.read(0), input.read(4), input.read(10), input.read(1)].map(text)).toEqual([
      'abc',
      '',
      'defg',
      'hij',
      '',
    ])
    await body.release?.()
  })

  test('read without a size, or with a negative one, gives all that is left', async () => {
    const [input, body] = await open('abcdefgh')
    input.read(2)
    expect(text(input.read())).toBe('cdefgh')
    expect(text(input.read(-1))).toBe('')
    await body.release?.()
  })

  test('readline stops after the newline, at the size, and at the end', async () => {
    const [input, body] = await open('one\ntwo\n\nfour')
    expect([input.readline(), input.readline(2), input.readline(), input.readline()].map(text)).toEqual([
      'one\n',
      'tw',
      'o\n',
      '\n',
    ])
    expect([input.readline(), input.readline()].map(text)).toEqual(['four', ''])
    await body.release?.()
  })

  test('a line may be longer than any window', async () => {
    const long = 'x'.repeat(200_000)
    const [input, body] = await open(long, '\nshort\n')
    expect(input.readline().length).toBe(long.length + 1)
    expect(text(input.readline())).toBe('short\n')
    await body.release?.()
  })

  test('readlines takes a hint, iteration leaves the rest', async () => {
    const [input, body] = await open('a\nb\nc\nd\n')
    expect(input.readlines(3).map(text)).toEqual(['a\n', 'b\n'])
    for (const line of input) {
      expect(text(line)).toBe('c\n')
      break
    }
    expect(input.readlines().map(text)).toEqual(['d\n'])
    await body.release?.()
  })

  test('a size that is no whole number is refused', async () => {
    const [input, body] = await open('abc')
    expect(() => input.read(Number.NaN)).toThrow(TypeError)
    expect(() => input.readline(1.5)).toThrow('a size is a whole number')
    await body.release?.()
  })
})

test('a body that is all there is received without a promise', () => {
  expect(receiveBody(inputOf('abc', 'def'), { memory: 100, directory })).toMatchObject({ length: 6 })
})

test('a body at the limit of memory stays there, one byte more goes to a file that nobody sees', async () => {
  const inMemory = await receiveBody(inputOf('abcd'), { memory: 4, directory })
  expect(inMemory.release).toBeUndefined()
  const inFile = await receiveBody(inputOf('abcd', 'e'), { memory: 4, directory })
  expect(inFile.length).toBe(5)
  expect(readdirSync(directory)).toEqual([])
  await inFile.release?.()
  expect(() => inFile.read(0, 1)).toThrow('after the response had ended')
})

test('a body that breaks off rejects with what the server said, and leaves nothing behind', async () => {
  const broken = Object.assign(new Error('cut short'), { status: 400 })
  for (const before of [[], ['abcdefgh']]) {
    const rejected = Promise.reject(broken)
    rejected.catch(() => {}) // it may be read only after a file was opened
    const input = inputOf(...before, rejected)
    await expect(receiveBody(input, { memory: 4, directory })).rejects.toBe(broken)
  }
  expect(readdirSync(directory)).toEqual([])
})
