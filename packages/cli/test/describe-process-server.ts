import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Folder } from './command.ts'
import { ask, FILES, isGone, word } from './process-servers-setup.ts'

/** @param flags what the server says of itself in the environ */
export function describeProcessServer(
  name: string,
  args: readonly string[],
  flags: Readonly<{ multiprocess: boolean; runOnce: boolean }>,
): void {
  describe(`--server ${name}`, () => {
    it('serves from processes that load the application by themselves, and takes them along when it ends', async () => {
      using folder = new Folder({ ...FILES, 'public/a.txt': 'a file' })
      await using tsgi = folder.tsgi([...args, '--static', 'public', '--access-log', '--pid-file', 'pid'])
      const answer = await ask(tsgi)
      expect(answer).toMatchObject({ word: 'one', ...flags })
      expect(answer.pid).not.toBe(tsgi.child.pid)
      expect(await (await tsgi.get('/a.txt')).text()).toBe('a file')
      await tsgi.said(/"GET \/a\.txt HTTP\/1\.1" 200/)
      expect(await tsgi.stop()).toBe(0)
      expect(isGone(answer.pid)).toBe(true)
      expect(readdirSync(folder.path).filter((name) => name.startsWith('pid'))).toEqual([])
    })

    it('reloads on HUP, and keeps what it has where the new does not load', async () => {
      using folder = new Folder(FILES)
      await using tsgi = folder.tsgi(args)
      await tsgi.url()
      folder.write(word('two'))
      tsgi.signal('SIGHUP')
      await tsgi.said(/reloaded: generation 2 serves/)
      expect((await ask(tsgi)).word).toBe('two')
      folder.write({ 'word.ts': 'syntax error' })
      tsgi.signal('SIGHUP')
      await tsgi.said(/reload failed, generation 2 keeps serving/)
      expect((await ask(tsgi)).word).toBe('two')
      expect(await tsgi.stop()).toBe(0)
    })
  })
}
