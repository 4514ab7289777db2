/** Sockets that are held for workers. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { openListeners } from '../src/index.ts'
import { listening, portOf, temporaryFolder } from './world.ts'

it('leaves nothing bound where one of several addresses cannot be', async () => {
  const port = portOf(await listening({ host: '127.0.0.1', port: 0 }))
  const path = join(temporaryFolder(), 'socket')
  await expect(openListeners([{ path }, { host: '127.0.0.1', port }], true)).rejects.toMatchObject({
    code: 'TSGI_ERR_BIND',
  })
  expect(existsSync(path)).toBe(false)
})

it.runIf(process.platform === 'linux')(
  'has a queue for each slot of a TCP address, made when the slot is',
  async () => {
    const path = join(temporaryFolder(), 'socket')
    const listeners = await openListeners([{ host: '127.0.0.1', port: 0 }, { path }], true)
    onTestFinished(() => listeners.close())
    const [first, second] = [listeners.descriptors(0), listeners.descriptors(1)]
    expect(first[0]).not.toBe(second[0])
    expect(first[1]).toBe(second[1])
    expect(listeners.descriptors(0)).toEqual(first)
    expect(listeners.handles(1).map((handle) => handle !== null)).toEqual([true, false])
  },
)

it('has one queue for all slots where that is asked for', async () => {
  const listeners = await openListeners([{ host: '127.0.0.1', port: 0 }], false)
  onTestFinished(() => listeners.close())
  expect(listeners.descriptors(0)).toEqual(listeners.descriptors(5))
})
