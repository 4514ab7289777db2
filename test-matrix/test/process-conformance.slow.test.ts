import { describeServer } from '@tsgi/conformance/vitest'
import { serverModule } from '@tsgi/server-process'
import { describe } from 'vitest'

// A process is started for each connection, so a hundred at once take longer than elsewhere.
const options = { argument: '@tsgi/server-process', options: { spare: 3 }, patience: 6 }

describe('the kit', () => describeServer(serverModule, options))
