import type { Application, Environ } from '@tsgi/spec'
import { expect, it } from 'vitest'
import rootPathLayer from './root-path-layer.ts'

const show: Application = ({ scriptName, pathInfo }) => `${scriptName}|${pathInfo}`

it.each([
  ['with the prefix', '/app/a', '/app|/a'],
  ['without it, from a proxy that takes it off', '/a', '/app|/a'],
  ['that is the prefix', '/app', '/app|'],
  ['that only begins like it', '/apple', '/app|/apple'],
  ['with it twice, of which one is the application’s own', '/app/app', '/app|/app'],
  ['for OPTIONS alone', '*', '|*'],
])('a path %s is divided', async (_what, pathInfo, expected) => {
  const application = await rootPathLayer(show, { prefix: '/app' })
  expect(application({ scriptName: '', pathInfo } as Environ, () => {})).toBe(expected)
})
