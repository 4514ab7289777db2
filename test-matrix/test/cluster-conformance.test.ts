import { describeServer } from '@tsgi/conformance/vitest'
import { serverModule } from '@tsgi/server-cluster'

describeServer(serverModule, { argument: '@tsgi/server-cluster', options: { workers: 2 } })
