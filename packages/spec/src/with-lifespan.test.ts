import { expect, test } from 'vitest'
import type { Application } from './application.ts'
import { withLifespan } from './with-lifespan.ts'

const bare = (): Application => () => null

function traced(name: string, calls: string[]): Application {
  return Object.assign(bare(), {
    startup: async () => void calls.push(`+${name}`),
    shutdown: () => void calls.push(`-${name}`),
  })
}

test('a wrapper around nothing with a lifespan has none', () => {
  const wrapper = withLifespan(bare(), bare())
  expect('startup' in wrapper || 'shutdown' in wrapper).toBe(false)
})

test('startups run in order and the wrapper’s own last, shutdowns in reverse', async () => {
  const calls: string[] = []
  const wrapper = withLifespan(traced('outer', calls), traced('a', calls), bare(), traced('b', calls))
  await wrapper.startup?.()
  await wrapper.shutdown?.()
  expect(calls).toEqual(['+a', '+b', '+outer', '-outer', '-b', '-a'])
})

test('a wrapper is ready when all are', async () => {
  const app = (ready: boolean): Application => Object.assign(bare(), { ready: () => ready })
  expect(await withLifespan(bare(), app(true), bare(), app(true)).ready?.()).toBe(true)
  expect(await withLifespan(bare(), app(true), app(false)).ready?.()).toBe(false)
  expect(await withLifespan(app(false), app(true)).ready?.()).toBe(false)
  expect(withLifespan(bare(), bare()).ready).toBeUndefined()
})

test('a startup that fails fails the wrapper’s', async () => {
  const broken = Object.assign(bare(), { startup: () => Promise.reject(new Error('no database')) })
  await expect(withLifespan(bare(), broken).startup?.()).rejects.toThrow('no database')
})

test('a shutdown that fails does not keep the others from theirs', async () => {
  const calls: string[] = []
  const failing = (message: string): Application =>
    Object.assign(bare(), {
      shutdown: () => {
        throw new Error(message)
      },
    })
  await expect(withLifespan(bare(), traced('a', calls), failing('one')).shutdown?.()).rejects.toThrow(/^one$/)
  const both = withLifespan(bare(), traced('b', calls), failing('one'), failing('two'))
  await expect(both.shutdown?.()).rejects.toMatchObject({ errors: [new Error('two'), new Error('one')] })
  expect(calls).toEqual(['-a', '-b'])
})

test('hooks are called on their own application', async () => {
  const seen: unknown[] = []
  const inner: Application = Object.assign(bare(), {
    startup(this: unknown) {
      seen.push(this)
    },
  })
  await withLifespan(bare(), inner).startup?.()
  expect(seen).toEqual([inner])
})
