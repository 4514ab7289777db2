import { describe, it } from 'vitest'
import { missingPythonFrameworks } from '../python/frameworks.ts'
import { describeServerCells } from './cells.ts'

describe('frameworks in Python', async () => {
  for (const { name, debian } of missingPythonFrameworks()) it.skip(`${name} (Debian package ${debian} is missing)`)
  for (const server of ['event-loop', 'cluster']) await describeServerCells(server, { language: 'python' })
  // Each connection is a process of Node's and one of Python's: all exercises are in the nightly tier.
  await describeServerCells('process', { language: 'python', level: 1 })
})
