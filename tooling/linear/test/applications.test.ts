import { describeApplications } from './applications.ts'

describeApplications(false)
