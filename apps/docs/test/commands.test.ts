/** The quick part of commands.slow.test.ts. */
import { describe, expect, it } from 'vitest'
import { follow } from './follow-page.ts'

const page = (markdown: string) => ({ path: 'page', title: '', source: 'docs/page.md', markdown })

describe('the commands of a page', () => {
  it('run in order, with its files, and print what it says', async () => {
    const markdown =
      '```ts\n// a.ts\nconsole.log(40 + 2)\n```\n\n```sh\nnpm install x\nnode a.ts   # runs\n```\n\n```text\n42\n```\n'
    expect(await follow(page(markdown))).toEqual([
      { line: 'npm install x\nnode a.ts', stdout: '42\n', expected: '42\n' },
    ])
  })

  it('are reported where they fail', async () => {
    await expect(follow(page('```sh\nnode -e "process.exit(7)"\n```\n'))).rejects.toThrow(/exited with 7/)
  })
})
