/** `--root-path` and `--chdir`. */
import { expect, it } from 'vitest'
import { ECHO, Folder } from './command.ts'

it('a site below a path is asked with it or without it, from a folder that is gone to first', async () => {
  using folder = new Folder({ 'sub/app.ts': ECHO, 'sub/package.json': '{"type":"module"}' })
  const args = ['--chdir', 'sub', '--root-path', '/app']
  for (const path of ['/app/a', '/a']) {
    const { stdout } = await folder.run(['fetch', 'app.ts', path, ...args])
    expect(JSON.parse(stdout)).toMatchObject({ scriptName: '/app', pathInfo: '/a' })
  }
  const nowhere = await folder.run(['fetch', 'app.ts', '/', '--chdir', 'nowhere'])
  expect(nowhere.stderr).toMatch(/^tsgi: --chdir nowhere: expected a folder that can be entered: ENOENT/)
})
