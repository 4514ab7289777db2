import { describe } from 'vitest'
import { describeApplications } from './applications.ts'

describe('applications that read hostile requests', () => describeApplications(false))
