import { serverModule } from '@tsgi/server-event-loop'
import { describe } from 'vitest'
import { describeServer } from '../src/vitest.ts'

describe('the kit', () => describeServer(serverModule, { argument: '@tsgi/server-event-loop' }))
