/** The files of deploy/ are those that the pages show. `vitest -u` writes them again from the pages. */
import { describe, expect, it } from 'vitest'
import { documented as documentedBehindNginx } from './behind-nginx-setup.ts'
import { commandOf, deployed, documented, hostCommand } from './deploy-setup.ts'
import { Folder } from './command.ts'

/** The block of docs/production.md with this name. */
function unit(name: string): string {
  const file = new RegExp(`\`\`\`ini\\n# ${name}\\n([^]*?)\`\`\``).exec(documented('docs/production.md'))?.[1]
  if (file === undefined) throw new Error(`docs/production.md has no block for ${name}`)
  return file
}

describe('the files of deploy/', () => {
  it.each(['tsgi.service', 'tsgi.socket'])('%s is the one of docs/production.md', async (name) => {
    await expect(unit(name)).toMatchFileSnapshot(`../../../deploy/${name}`)
  })

  it('nginx.conf is the one of docs/behind-nginx.md, and meets the socket unit', async () => {
    await expect(documentedBehindNginx('http')).toMatchFileSnapshot('../../../deploy/nginx.conf')
    const [, socket] = /^ListenStream=(.+)$/m.exec(deployed('tsgi.socket')) ?? []
    expect(deployed('nginx.conf')).toContain(`server unix:${socket};`)
  })

  it('haproxy.cfg has the lines of the README about forwarded fields', () => {
    const lines = /```haproxy\n([^]*?)```/.exec(documented('packages/cli/README.md'))?.[1] ?? ''
    expect(deployed('haproxy.cfg')).toContain(lines.replace(/^(?=.)/gm, '  '))
  })

  it('start the command with options that it has', async () => {
    using folder = new Folder()
    const commands = [hostCommand(), commandOf(deployed('tsgi.service'), 'ExecStart').slice(4)]
    for (const command of commands) {
      expect(command[0]).toBe('serve')
      // The application is looked for once all options are understood.
      const { exitCode, stderr } = await folder.run([...command, '-b', '127.0.0.1:0', '--pid-file', 'pid'])
      expect([exitCode, stderr]).toEqual([3, expect.stringContaining('app.ts')])
    }
  })
})
