/** Every sixth planted fault; the others are in the slow tier. */
import { describe } from 'vitest'
import { SERVER_FAULTS } from './fixtures/server-faults.ts'
import { describePlanted } from './planted.ts'

describe('planted faults', () => describePlanted(SERVER_FAULTS.filter((_, index) => index % 6 === 0)))
