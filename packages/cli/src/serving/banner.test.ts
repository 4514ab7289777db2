import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { banner, type BannerFacts } from './banner.ts'

const facts: BannerFacts = {
  version: '1.2.3',
  server: 'event-loop',
  node: '26.10.0',
  mode: 'production',
  app: 'app.ts',
  what: 'a TSGI function',
  also: undefined,
  files: 'public',
  addresses: [{ family: 'IPv4', host: '127.0.0.1', port: 3000 }],
  urls: ['http://127.0.0.1:3000/'],
  openedByPort: false,
  trusted: ['127.0.0.1'],
  reload: 'restart',
  which: '',
  pid: 42,
}
const lines = (changes: Partial<BannerFacts> = {}) =>
  stripVTControlCharacters(banner({ ...facts, ...changes }))
    .split('\n')
    .filter((line) => line !== '')

describe('the banner', () => {
  it('has five lines', () => {
    expect(lines()).toEqual([
      '  tsgi 1.2.3 · event-loop · Node 26.10.0 · production',
      '  app      app.ts  a TSGI function, behind the files of public',
      '  address  http://127.0.0.1:3000/  this machine only; --host 0.0.0.0 opens it to others',
      '  trusts   127.0.0.1  to say who the client is',
      '  reload   stop it (Ctrl-C) and start it again; --watch does so on changes',
    ])
  })

  it('names a server of the application that listens by itself', () => {
    expect(lines({ also: 'on port 9100' })[2]).toBe(
      '  also     on port 9100  another server of the application, which listens by itself',
    )
  })

  it('says why it is open to others', () => {
    const addresses = [{ family: 'IPv4', host: '0.0.0.0', port: 80 }] as const
    expect(lines({ addresses, urls: ['http://localhost/'], openedByPort: true })[2]).toContain(
      'open to others, because PORT is set',
    )
    expect(lines({ addresses, urls: ['http://localhost/'] })[2]).toBe('  address  http://localhost/')
  })

  it('says nothing of reach where a unix socket is among the addresses', () => {
    const addresses = [{ family: 'unix', path: '/a' }] as const
    expect(lines({ addresses, urls: ['http+unix://%2Fa/'] })[2]).toBe('  address  http+unix://%2Fa/')
  })

  it('fits files alone, nobody trusted, and the ways to reload', () => {
    expect(lines({ app: undefined, what: undefined })[1]).toBe('  app      the files of public')
    expect(lines({ trusted: [] })[3]).toMatch(/^  trusts   nobody  to say/)
    expect(lines({ reload: 'signal' })[4]).toBe('  reload   kill -HUP 42')
    expect(lines({ reload: 'command', which: ' -p 8080' })[4]).toBe('  reload   tsgi reload -p 8080, or kill -HUP 42')
    expect(lines({ reload: 'watch' })[4]).toContain('when a module that was loaded changes')
  })
})
