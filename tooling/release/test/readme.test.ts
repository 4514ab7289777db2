import { describe, expect, test } from 'vitest'
import { absoluteLinks } from '../src/markdown-links.ts'
import { readmeSteps } from '../src/readme.ts'

describe('the steps of a README', () => {
  test('are its commands and its files, in order', () => {
    const readme = [
      '```sh',
      'npm install x   # first',
      'node a.ts \\',
      '  --port 0',
      '```',
      '```ts',
      '// src/a.ts',
      'a()',
      '```',
      'with `templates/b.eta`',
      '',
      '```html',
      '<b>',
      '```',
      '```ts',
      'app()',
      '```',
      '```ts',
      'a.fragment()',
      '```',
      '```',
      'output',
      '```',
      '',
    ].join('\n')
    expect(readmeSteps(readme)).toEqual([
      { kind: 'commands', lines: ['npm install x', 'node a.ts    --port 0'] },
      { kind: 'file', path: 'src/a.ts', content: '// src/a.ts\na()\n' },
      { kind: 'file', path: 'templates/b.eta', content: '<b>\n' },
      { kind: 'file', path: 'app.ts', content: 'app()\n' },
    ])
  })

  test('are not those of a checkout', () => {
    expect(readmeSteps('```sh\ngit clone https://example.org/x\nnpm start\n```\n')).toEqual([])
    expect(readmeSteps('```sh\nnode tooling/cpu.ts\n```\n')).toEqual([])
  })
})

describe('links of a published README', () => {
  const home = { url: 'https://example.org/o/r', node: '>=22' }
  const published = (markdown: string) => absoluteLinks(markdown, 'packages/a/README.md', home)

  test.each([
    ['[b](../b)', '[b](https://example.org/o/r/tree/main/packages/b)'],
    ['[c](C.md#part)', '[c](https://example.org/o/r/blob/main/packages/a/C.md#part)'],
    ['[d](../../docs/d.md)', '[d](https://example.org/o/r/blob/main/docs/d.md)'],
    ['![e](e.svg)', '![e](https://example.org/o/r/raw/main/packages/a/e.svg)'],
    [
      '[f](#here) [g](https://g.example/) [h](mailto:h@example.org)',
      '[f](#here) [g](https://g.example/) [h](mailto:h@example.org)',
    ],
  ])('%s', (markdown, expected) => expect(published(markdown)).toBe(expected))
})
