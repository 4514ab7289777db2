import { describeServer } from '@tsgi/conformance/vitest'
import { serverModule } from '@tsgi/server-cluster'
import { describe } from 'vitest'

describe('the kit', () => describeServer(serverModule, { argument: '@tsgi/server-cluster', options: { workers: 2 } }))
