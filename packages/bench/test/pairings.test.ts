/** Two applications answer every workload as they must, with random inputs. */
import { describe } from 'vitest'
import { describeSqlite, isQuick, SUBJECTS } from './pairings-setup.ts'

describe('the pairings', () => describeSqlite(SUBJECTS.filter(isQuick)))
