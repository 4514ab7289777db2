import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Folder } from './command.ts'

describe('tsgi conform', () => {
  describe('a server by its address', () => {
    let server: http.Server
    let url: string
    beforeAll(async () => {
      server = http.createServer((_request, response) => void response.end('hello\n')).listen(0, '127.0.0.1')
      await once(server, 'listening')
      url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    })
    afterAll(() => {
      server.closeAllConnections()
      server.close()
    })

    it('reports what node:http misses, with the bytes and the command for just that case', async () => {
      using folder = new Folder()
      const { exitCode, stdout, stderr } = await folder.run(['conform', url])
      expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' })
      for (const known of ['host-twice', 'host-userinfo']) expect(stdout).toMatch(new RegExp(`^${known}: `, 'm'))
      for (const allowed of ['double-space', 'target-star-get', 'continue-early']) {
        expect(stdout).toMatch(new RegExp(`\\n  ${allowed} +RFC `))
        expect(stdout).not.toContain(`\n${allowed}: `)
      }
      expect(stdout).not.toContain('\nhost-missing: ')
      expect(stdout).toMatch(/clause {4}RFC 9112 §3\.2 .*\n {2}expected .*400\n {2}got .*200\n/)
      expect(stdout).toContain('    → GET / HTTP/1.1␍␊')
      expect(stdout).toMatch(/\d+ not asked: needs the probe/)
      const [, again] = new RegExp(`again +tsgi (conform ${url} --only host-twice)\n`).exec(stdout) ?? []
      const alone = await folder.run((again as string).split(' '))
      expect(alone.exitCode).toBe(1)
      expect(alone.stdout).toMatch(/^host-twice: [^]*: 0 passed, 1 failed\n$/)
    })
  })

  it('lists the cases by level', async () => {
    using folder = new Folder()
    const all = await folder.run(['conform', '--list'])
    expect(all.exitCode).toBe(0)
    expect(all.stdout.match(/^level \d, \w+: \d+$/gm)).toHaveLength(4)
    const some = await folder.run(['conform', '--list', '--only', 'host-', '--level', '2'])
    expect(some.stdout).toMatch(
      /^level 2, HTTP: 9\n {2}host-missing +refuses HTTP\/1\.1 without Host {2}\(must, RFC 9112 §3\.2\)\n/,
    )
  })
})
