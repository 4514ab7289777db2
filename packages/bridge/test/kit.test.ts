import { describe, expect, it } from 'vitest'
import { checkWorker } from '../src/kit/index.ts'
import { pythonLanguage } from '../src/python/python.ts'
import { FIXTURES, PYTHON } from './serving.ts'

describe.skipIf(PYTHON === undefined)('the worker for Python', () => {
  it('does all that the protocol asks of a worker', { timeout: 60_000 }, async () => {
    const language = pythonLanguage(PYTHON ?? '')
    const checks = await checkWorker({ language, app: 'exercises:application', cwd: FIXTURES })
    expect(checks.filter(({ failure }) => failure !== null)).toEqual([])
    expect(checks.length).toBeGreaterThan(15)
  })
})
