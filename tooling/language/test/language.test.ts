import { describe, expect, it } from 'vitest'
import { beyond, countKeys, formatBaseline, parseBaseline, shrunk } from '../src/baseline.ts'
import { findIdioms } from '../src/findings.ts'

const names = (file: string, content: string) =>
  findIdioms(file, content).map(({ idiom, line }) => `${line} ${idiom.name}`)

describe('what is prose', () => {
  it('reads comments, strings and templates of a source file, not its names', () => {
    const source = [
      'const told = anew / 2 / came // the caller is told',
      "it('goes on', () => {})",
      'const text = `${told} came ${anew`whoever`} anew`',
      '/told anew/.test(told)',
    ].join('\n')
    expect(names('a.ts', source)).toEqual(['1 told', '2 goes on', '3 came', '3 whoever', '3 anew'])
  })

  it('finds a phrase that is wrapped, on its first line', () => {
    expect(names('a.ts', '/**\n * It is closed after so\n * long.\n */')).toEqual(['2 so long'])
    expect(names('a.ts', '// it goes\n// on until')).toEqual(['1 goes on'])
    expect(names('a.ts', '// it goes\n\n// on until')).toEqual([])
    expect(names('a.md', 'it gives\nback a list')).toEqual(['1 gave back'])
  })

  it('leaves out the code blocks of Markdown', () => {
    expect(names('a.md', '```ts\n// anew\n```\n\nanew\n\n````\n```\nanew\n````\nanew')).toEqual(['5 anew', '11 anew'])
  })
})

describe('the word list', () => {
  it.each([
    'expected a number; came "x"',
    'the application is told',
    'Whoever connects',
    'an empty line is none.',
    'keeps it for so long',
    'the server goes on with the next',
    'an event loop that stands still',
    'has a setting "x", which there is not',
    'Who wants another value passes a copy.',
  ])('finds: %s', (text) => expect(names('a.md', text)).toHaveLength(1))

  it.each([
    'the connection that came from there',
    'a worker that is told to stop',
    "'' where there is none",
    'is none of these',
    'the lock that goes on the door',
    'Who wants this? We do.',
    'it became clear',
    'a so-long-named option',
  ])('accepts: %s', (text) => expect(names('a.md', text)).toEqual([]))
})

describe('the baseline', () => {
  const before = findIdioms('a.ts', '    // reads it anew')

  it('knows a line that moved to another file and indentation', () => {
    expect(beyond(countKeys(before), findIdioms('b/c.ts', '\n// reads  it anew'))).toEqual([])
  })

  it('does not know the line once it is changed, or there twice', () => {
    expect(beyond(countKeys(before), findIdioms('a.ts', '// reads all of it anew'))).toHaveLength(1)
    expect(beyond(countKeys(before), [...before, ...before])).toHaveLength(2)
  })

  it('shrinks and never grows', () => {
    const added = findIdioms('a.ts', '// anew')
    expect(shrunk(countKeys([...before, ...before]), [...before, ...added])).toEqual(countKeys(before))
    expect(shrunk(countKeys(before), [])).toEqual(new Map())
  })

  it('is read as it was written', () => {
    const baseline = countKeys([...before, ...before, ...findIdioms('a.ts', '// anew')])
    expect(parseBaseline(formatBaseline(baseline))).toEqual(baseline)
    expect(() => parseBaseline('anew\n')).toThrow('baseline.txt:1: expected 16 hexadecimal digits')
  })
})
