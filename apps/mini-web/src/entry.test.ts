import { describe, expect, it } from 'vitest'
import { complaintsAbout, draftOf, MAX_MESSAGE, MAX_NAME } from './entry.ts'

const draft = (name: string, message: string): ReturnType<typeof draftOf> =>
  draftOf(new URLSearchParams({ name, message }))

describe('draftOf', () => {
  it('tidies white space and line ends', () => {
    expect(draft('  Ada \t Byron\n', ' one\r\ntwo\rthree\n\n\n\nfour\tfive ')).toEqual({
      name: 'Ada Byron',
      message: 'one\ntwo\nthree\n\nfour five',
    })
  })

  it('takes absent fields for empty ones', () => {
    expect(draftOf(new URLSearchParams())).toEqual({ name: '', message: '' })
  })
})

describe('complaintsAbout', () => {
  it('has none about a good entry', () => {
    expect(complaintsAbout(draft('Ada', 'Hello,\nworld <3 👩‍🚀 שלום'))).toBeNull()
    expect(complaintsAbout(draft('x'.repeat(MAX_NAME), '😀'.repeat(MAX_MESSAGE)))).toBeNull()
  })

  it('asks for what is missing', () => {
    expect(complaintsAbout(draft(' ', '\n'))).toEqual({
      name: 'Please leave your name.',
      message: 'Please write a line or two.',
    })
  })

  it('counts what is too long', () => {
    expect(complaintsAbout(draft('x'.repeat(MAX_NAME + 1), 'x'))).toEqual({
      name: `Please keep to ${MAX_NAME} characters; there are ${MAX_NAME + 1}.`,
    })
    expect(complaintsAbout(draft('x', '😀'.repeat(MAX_MESSAGE + 1)))?.message).toContain(`there are ${MAX_MESSAGE + 1}`)
  })

  it.each(['\0', '\x1b[31m', '\u202Eevil', '\u0085'])('wants nothing unseen: %j', (text) => {
    expect(complaintsAbout(draft('x', `a${text}b`))?.message).toContain('control characters')
  })
})
