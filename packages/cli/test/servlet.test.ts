import { describe, expect, it } from 'vitest'
import { Folder } from './command.ts'

describe('applications in Java', () => {
  it('need a Java, and say which was named', async () => {
    using folder = new Folder({})
    const { exitCode, stderr } = await folder.run(['serve', 'shop.war', '--java', './absent'])
    expect([exitCode, stderr]).toEqual([3, expect.stringMatching(/There is no .*absent[^]*--java names it/)])
  })
})
