import { symlinkSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { filesIn, readmeOf } from '@tsgi/readme'
import { expect, it } from 'vitest'
import { Folder } from './command.ts'

it('holds an example that does what it says', async () => {
  const readme = readmeOf(import.meta.url)
  const files = filesIn(readme)
  expect(Object.keys(files)).toEqual(['hello.ts', 'tsgi.config.ts'])
  using folder = new Folder({ ...files, 'public/a.txt': 'a file' })
  // As in the repository's own root, where tsgi is installed.
  symlinkSync(fileURLToPath(new URL('../../../node_modules', import.meta.url)), folder.file('node_modules'))

  const [, command, output] = /^npx tsgi (fetch .+?) +# .*: (.*)$/m.exec(readme) ?? []
  expect(await folder.run((command as string).split(' '))).toEqual({ exitCode: 0, stdout: `${output}\n`, stderr: '' })

  await using tsgi = folder.tsgi(['serve', '-p', '0'])
  expect(await (await tsgi.get('/world')).text()).toBe('Hello from /world\n')
  expect(await (await tsgi.get('/a.txt')).text()).toBe('a file')
})
