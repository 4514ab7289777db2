import { describe, expect, it } from 'vitest'
import { Folder } from './command.ts'

const GOOD = `export default (environ, startResponse) => {
  if (environ.requestMethod !== 'GET' && environ.requestMethod !== 'HEAD') {
    startResponse(405, ['allow', 'GET, HEAD'])
    return null
  }
  startResponse(environ.pathInfo === '/' ? 200 : 404, ['content-type', 'text/plain', 'content-length', '4'])
  return 'good'
}`

describe('tsgi check', () => {
  it('finds nothing in an application that keeps to the specification', async () => {
    using folder = new Folder({ 'app.ts': GOOD })
    const { exitCode, stdout, stderr } = await folder.run(['check', 'app.ts'])
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout).toMatch(/^\d+ requests, 0 findings\n$/)
  })

  it.each([
    ['throws', `export default { fetch() { throw new Error('broken') } }`],
    ['answers 500', `export default { fetch: () => new Response('', { status: 500 }) }`],
  ])('fails an application that %s on every request, unless it may', async (_, app) => {
    using folder = new Folder({ 'app.ts': app })
    const { exitCode, stdout } = await folder.run(['check', 'app.ts', '/', '/a'])
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(/^\/ answered every request with an error\..*--allow-errors/m)
    expect(stdout).toMatch(/^\/a answered every request/m)
    const allowed = await folder.run(['check', 'app.ts', '--allow-errors'])
    expect(allowed.exitCode).toBe(0)
    expect(allowed.stdout).not.toContain('answered every request')
  })

  it('names the clause, the line and what to do where it does not', async () => {
    using folder = new Folder({ 'app.ts': GOOD.replace(`'content-type'`, `'Content-Type'`) })
    const { exitCode, stdout } = await folder.run(['check', 'app.ts', '/', '/other'])
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(/TSGI_V_\w+: .*Content-Type/)
    // Once, though it is so in each answer.
    expect(stdout.match(/Content-Type/g)).toHaveLength(1)
    expect(stdout).toMatch(/ {2}in GET \/, .* and \d+ more, \d+ times/)
    expect(stdout).toMatch(/at .*app\.ts:6/)
    expect(stdout).toMatch(/see SPEC\.md/)
  })
})
