import { describe, it } from 'vitest'
import { missingRubyFrameworks } from '../ruby/frameworks.ts'
import { describeServerCells } from './cells.ts'

describe('frameworks in Ruby', async () => {
  for (const { name, debian } of missingRubyFrameworks()) it.skip(`${name} (Debian package ${debian} is missing)`)
  for (const server of ['event-loop', 'cluster']) await describeServerCells(server, { language: 'ruby' })
  // Each connection is a process of Node's and one of Ruby's: all exercises are in the nightly tier.
  await describeServerCells('process', { language: 'ruby', level: 1 })
})
