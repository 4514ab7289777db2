import { expect, it } from 'vitest'
import { blocksOf } from './blocks.ts'

it('finds the files, the commands and their output', () => {
  const page = [
    '```ts',
    '// a.ts',
    'a()',
    '```',
    '```ts',
    'b()',
    '```',
    '```sh',
    'node a.ts \\',
    '  --x   # runs it',
    '```',
    '```text',
    'a',
    '```',
    '```text',
    'a picture',
    '```',
    '',
  ].join('\n')
  expect(blocksOf(page)).toEqual({
    files: [
      { name: 'a.ts', content: '// a.ts\na()\n' },
      { name: 'block-1.ts', content: 'b()\n' },
    ],
    commands: [{ lines: ['node a.ts --x'], output: 'a\n' }],
  })
})
