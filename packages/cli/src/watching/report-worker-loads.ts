/** Imported by worker processes before the application; `?to=` says where to report. */
import { reportLoads } from './report-loads.ts'

const file = new URL(import.meta.url).searchParams.get('to')
if (file !== null) reportLoads(file)
