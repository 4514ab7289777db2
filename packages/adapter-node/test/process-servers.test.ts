/** The same applications on the servers that load them in processes of their own: answered as on `node:http`. */
import { describe, vi } from 'vitest'
import { describeProcessServers } from './process-servers.ts'

vi.spyOn(console, 'error').mockImplementation(() => {})

describe('servers with processes of their own', () => describeProcessServers(['cluster'], ['express']))
