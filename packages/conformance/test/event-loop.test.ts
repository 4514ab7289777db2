import { serverModule } from '@tsgi/server-event-loop'
import { describeServer } from '../src/vitest.ts'

describeServer(serverModule, { argument: '@tsgi/server-event-loop' })
