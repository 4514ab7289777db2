import { describe, expect, it } from 'vitest'
import { pythonFrameworks, PYTHON_ROWS, missingPythonFrameworks } from '../python/frameworks.ts'

describe('frameworks in Python', () => {
  it('each take part, or are named with what would bring them', () => {
    const names = [...pythonFrameworks(), ...missingPythonFrameworks()].map(({ name }) => name)
    expect(names.toSorted()).toEqual(PYTHON_ROWS.map(({ name }) => name).toSorted())
  })
})
