/** The planted faults that the quick tier leaves out. */
import { describe } from 'vitest'
import { APP_FAULTS } from './fixtures/app-faults.ts'
import { describePlanted } from './planted.ts'

describe('planted faults', () => describePlanted(APP_FAULTS.filter((_, index) => index % 6 !== 0)))
