/** Every sixth planted fault; the others are in the slow tier. */
import { describe } from 'vitest'
import { APP_FAULTS } from './fixtures/app-faults.ts'
import { describePlanted } from './planted.ts'

describe('planted faults', () => describePlanted(APP_FAULTS.filter((_, index) => index % 6 === 0)))
