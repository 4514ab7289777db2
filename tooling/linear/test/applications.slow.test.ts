import { describeApplications } from './applications.ts'

describeApplications(true)
