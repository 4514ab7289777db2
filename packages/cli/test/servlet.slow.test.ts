import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Folder } from './command.ts'
import { shown } from './dev-setup.ts'

/** Debian's, of which the classes of a test are compiled. */
const TOMCAT = '/usr/share/java/tomcat10-embed-core.jar'
const HAS_JAVA = existsSync(TOMCAT) && spawnSync('javac', ['-version']).status === 0

const source = (body: string) => `
  import jakarta.servlet.http.*;
  public class Shop extends HttpServlet {
    @Override protected void doGet(HttpServletRequest request, HttpServletResponse response) throws java.io.IOException {
      ${body}
    }
  }`
const hello = (name: string) => source(`response.getWriter().write("Hello from ${name}");`)

/** Compiles the class of a folder there. */
function compile(folder: Folder, text: string): void {
  folder.write({ 'Shop.java': text })
  const { status, stderr } = spawnSync('javac', ['-encoding', 'UTF-8', '-cp', TOMCAT, 'Shop.java'], {
    cwd: folder.path,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stderr)
}

describe.skipIf(!HAS_JAVA)('applications in Java', () => {
  it('are served by the name of their class, and the Java is named', { timeout: 60_000 }, async () => {
    using folder = new Folder({})
    compile(folder, hello('Java'))
    await using server = folder.tsgi(['serve', 'java:Shop', '--port', '0'])
    const url = await server.url()
    expect(await (await fetch(url)).text()).toBe('Hello from Java')
    expect(server.stderr).toMatch(/Java \d+\.\d+\.\d+ \(\//)
  })

  it('are served by the file of their .war, and checked', { timeout: 90_000 }, async () => {
    using folder = new Folder({ 'index.html': 'the page' })
    spawnSync('jar', ['-c', '-f', 'shop.war', 'index.html'], { cwd: folder.path })
    await using server = folder.tsgi(['serve', 'shop.war', '--port', '0'])
    expect(await (await fetch(new URL('/index.html', await server.url()))).text()).toBe('the page')
    expect((await folder.run(['check', 'shop.war'])).exitCode).toBe(0)
  })

  it('that cannot be loaded end the command with a sentence', { timeout: 60_000 }, async () => {
    using folder = new Folder({})
    const { exitCode, stderr } = await folder.run(['serve', 'java:com.example.Absent', '--port', '0'])
    expect([exitCode, stderr]).toEqual([
      3,
      expect.stringMatching(/^tsgi: there is no class com\.example\.Absent on the/),
    ])
  })

  it('are restarted by dev when a class changes, and their stack is the page', { timeout: 120_000 }, async () => {
    using folder = new Folder({})
    compile(folder, hello('one'))
    await using tsgi = folder.tsgi(['dev', 'java:Shop', '-p', '0', '--no-live-reload'])
    const url = await tsgi.url()
    const body = () =>
      shown(url).then(
        (page) => page.body,
        () => '',
      )
    expect(await body()).toBe('Hello from one')
    compile(folder, hello('two'))
    await expect.poll(body, { timeout: 60_000 }).toBe('Hello from two')
    compile(folder, source('throw new IllegalStateException("no database");'))
    await expect.poll(body, { timeout: 60_000 }).toMatch(/no database[^]*Shop\.java:\d+/)
  })
})
