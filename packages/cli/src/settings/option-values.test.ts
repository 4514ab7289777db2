import { describe, expect, it } from 'vitest'
import { readValue, writeValue, type OptionValue } from './option-values.ts'
import type { OptionSpec, OptionType } from './options.ts'

const spec = (type: OptionType): OptionSpec => ({ group: '', help: '', type })
const read = (type: OptionType, text: string): OptionValue | undefined => {
  const reading = readValue(spec(type), text)
  return 'value' in reading ? reading.value : undefined
}

describe('an address to listen on', () => {
  it.each([
    ['127.0.0.1:3000', { host: '127.0.0.1', port: 3000 }],
    ['unix:/run/site.sock', { path: '/run/site.sock' }],
  ])('%s', (text, expected) => {
    expect(read('listen', text)).toEqual(expected)
    expect(writeValue(spec('listen'), expected)).toBe(text)
  })

  it('refuses other text', () => expect(read('listen', '3000')).toBeUndefined())
})

describe('a folder of files', () => {
  it.each([
    ['public', { prefix: '', folder: 'public' }],
    ['/var/www', { prefix: '', folder: '/var/www' }],
    ['/assets=build/assets', { prefix: '/assets', folder: 'build/assets' }],
    ['/a=b=c', { prefix: '/a', folder: 'b=c' }],
  ])('%s', (text, expected) => {
    expect(read('mount', text)).toEqual(expected)
    expect(writeValue(spec('mount'), expected)).toBe(text)
  })

  it('takes the slash after a prefix away', () => {
    expect(read('mount', '/assets/=x')).toEqual({ prefix: '/assets', folder: 'x' })
    expect(read('mount', '/=x')).toEqual({ prefix: '', folder: 'x' })
  })
})

describe('a switch', () => {
  it.each([
    ['1', true],
    ['TRUE', true],
    ['on', true],
    ['0', false],
    ['no', false],
    ['maybe', undefined],
  ])('%s', (text, expected) => expect(read('switch', text)).toBe(expected))
})

it('refuses a text that could end a line', () => {
  expect(read('text', 'a\r\nb')).toBeUndefined()
  expect(read('text', '')).toBeUndefined()
})
