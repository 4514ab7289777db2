/** The quick part of https.slow.test.ts. */
import { describe, expect, test } from 'vitest'
import { Folder } from './command.ts'
import { ask, connect, FILES, SERVE } from './https-setup.ts'

describe('https', () => {
  test('serves HTTP/2 where a certificate is given', async () => {
    using folder = new Folder(FILES('one'))
    await using tsgi = folder.tsgi(SERVE)
    const [url] = await tsgi.said(/https:\/\/127\.0\.0\.1:\d+/)
    const session = connect(url)
    expect(await ask(session)).toBe('HTTP/2 https h2')
    session.close()
  })

  test('reports before it listens what is wrong with a certificate', async () => {
    using folder = new Folder({ ...FILES('one'), 'other.key': FILES('two')['site.key'] as string })
    const wrong = await folder.run([...SERVE.slice(0, -1), 'other.key'])
    expect(wrong.exitCode).not.toBe(0)
    expect(wrong.stderr).toContain('other.key: expected the key of site.crt, got that of another certificate')
    expect(wrong.stderr).not.toContain('listening')
  })
})
