import { describe, expect, it } from 'vitest'
import { rubyFrameworks, RUBY_ROWS, missingRubyFrameworks } from '../ruby/frameworks.ts'

describe('frameworks in Ruby', () => {
  it('each take part, or are named with what would bring them', () => {
    const names = [...rubyFrameworks(), ...missingRubyFrameworks()].map(({ name }) => name)
    expect(names.toSorted()).toEqual(RUBY_ROWS.map(({ name }) => name).toSorted())
  })
})
