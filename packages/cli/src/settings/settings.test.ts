import { DEFAULT_LIMITS, DEFAULT_TIMEOUTS } from '@tsgi/connection'
import { describe, expect, it } from 'vitest'
import { listenTargets, serveOptions } from '../serving/serve-options.ts'
import { hasOption, OPTION_ROWS } from './options.ts'
import { resolveSettings, type Flags, type Sources } from './settings.ts'

const resolve = (flags: Flags = {}, sources: Partial<Sources> = {}) =>
  resolveSettings({ command: 'serve', env: {}, flags, ...sources })
const listen = (flags: Flags, sources: Partial<Sources> = {}) => listenTargets(resolve(flags, sources).settings)
const file = (values: object) => ({ config: { name: 'tsgi.config.ts', values: values as Record<string, unknown> } })

describe('the address in dev', () => {
  const hostOf = (env: NodeJS.ProcessEnv, flags: Flags = {}) => resolve(flags, { command: 'dev', env }).settings.host

  it('stays on this machine where PORT is set, and opens to others by --host', () => {
    expect(hostOf({ PORT: '8080' })).toBe('127.0.0.1')
    expect(hostOf({ PORT: '8080' }, { host: '0.0.0.0' })).toBe('0.0.0.0')
    expect(resolve({}, { env: { PORT: '8080' } }).settings.host).toBe('0.0.0.0')
  })
})

describe('the defaults', () => {
  it('are those of the servers', () => {
    const observers = { log: () => {}, access: undefined }
    const { limits, timeouts } = serveOptions(resolve().settings, false, observers)
    expect(limits).toEqual(DEFAULT_LIMITS)
    expect(timeouts).toEqual(DEFAULT_TIMEOUTS)
  })

  it('can be read as they are written', () => {
    for (const command of ['serve', 'dev', 'fetch', 'check'] as const) {
      const { settings, origins } = resolve({}, { command })
      for (const [name, spec] of OPTION_ROWS) {
        if (!hasOption(command, spec) || spec.default === undefined) continue
        expect(settings[name], name).toBeDefined()
        if (spec.flagOnly !== true) expect(origins[name], name).toBe('default')
      }
    }
  })
})

describe('where it listens', () => {
  it('is told by --bind instead of --host and --port', () => {
    expect(listen({ bind: ['unix:/a', '[::1]:80'] })).toEqual([{ path: '/a' }, { host: '::1', port: 80 }])
    expect(listen({ bind: ['unix:/a'] }, { env: { PORT: '1', TSGI_HOST: 'x' } })).toEqual([{ path: '/a' }])
  })

  it('is told by a flag for the port before a file with an address', () => {
    expect(listen({ port: '8080' }, file({ bind: 'unix:/a' }))).toEqual([{ host: '127.0.0.1', port: 8080 }])
    expect(listen({}, { ...file({ port: 1 }), env: { TSGI_BIND: 'unix:/a' } })).toEqual([{ path: '/a' }])
  })

  it('of a unix socket makes its peer trusted, unless every user may connect', () => {
    const trusted = (bind: readonly string[]): readonly string[] => resolve({ bind }).settings.forwardedAllowIps
    expect(trusted(['unix:/a'])).toContain('unix')
    expect(trusted(['unix:@a'])).not.toContain('unix')
    expect(trusted(['unix:/a', 'unix:@a'])).not.toContain('unix')
  })

  it('is told by --bind where both stand in the same file', () => {
    expect(listen({}, file({ bind: ['unix:/a'], port: 1 }))).toEqual([{ path: '/a' }])
  })
})

describe('lists', () => {
  it('are split at commas where they are variables', () => {
    const { settings } = resolve({}, { env: { TSGI_STATIC: 'a, /b=c', TSGI_FORWARDED_ALLOW_IPS: '10.0.0.0/8,unix' } })
    expect(settings.static).toEqual([
      { prefix: '', folder: 'a' },
      { prefix: '/b', folder: 'c' },
    ])
    expect(settings.forwardedAllowIps).toEqual(['10.0.0.0/8', 'unix'])
  })

  it('may be one value in a file', () => {
    expect(resolve({}, file({ static: 'a' })).settings.static).toEqual([{ prefix: '', folder: 'a' }])
  })

  it('of proxies may be none', () => {
    expect(resolve({ forwardedAllowIps: ['none'] }).settings.forwardedAllowIps).toEqual([])
  })
})

describe('switches', () => {
  it('differ between serve and dev', () => {
    expect(resolve().settings).toMatchObject({ accessLog: false, watch: false, validate: false })
    expect(resolve({}, { command: 'dev' }).settings).toMatchObject({ accessLog: true, watch: true, validate: true })
  })

  it('can be turned off again', () => {
    expect(resolve({ spa: false }, { env: { TSGI_SPA: '1' } })).toMatchObject({
      settings: { spa: false },
      origins: { spa: '--no-spa' },
    })
  })
})

it('takes an empty variable for none', () => {
  expect(resolve({}, { env: { TSGI_PORT: '', PORT: '', HOST: '' } })).toMatchObject({
    settings: { port: 3000, host: '127.0.0.1' },
    origins: { port: 'default', host: 'default' },
  })
})

it('takes numbers from a file for counts and sizes, but for no time', () => {
  expect(resolve({}, file({ maxBodySize: 1024, backlog: 5 })).settings).toMatchObject({ maxBodySize: 1024, backlog: 5 })
  expect(resolve({}, file({ bootTimeout: 0 })).settings.bootTimeout).toBe(0)
  expect(() => resolve({}, file({ bootTimeout: 5 }))).toThrow('expected a time with its unit')
})
