/** The same applications on the servers that load them in processes of their own: answered as on `node:http`. */
import { describe, vi } from 'vitest'
import { FRAMEWORKS, type FrameworkName } from './apps/frameworks.ts'
import { describeProcessServers } from './process-servers.ts'

vi.spyOn(console, 'error').mockImplementation(() => {})

const names = Object.keys(FRAMEWORKS) as FrameworkName[]

describe('servers with processes of their own', () => {
  describeProcessServers(
    ['cluster'],
    names.filter((name) => name !== 'express'),
  )
  describeProcessServers(['process'], names)
})
