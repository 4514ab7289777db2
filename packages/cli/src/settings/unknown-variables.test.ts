import { expect, it } from 'vitest'
import { unknownVariables } from './unknown-variables.ts'

it('names the variable that was most likely meant', () => {
  expect(unknownVariables({ TSGI_PROT: '1', TSGI_PORT: '2', TSGI_APP: 'a', PORT: '3' })).toEqual([
    'TSGI_PROT is set, and is no setting. Did you mean TSGI_PORT?',
  ])
  expect(unknownVariables({ TSGI_SOMETHING_ELSE: '1' })).toEqual([
    'TSGI_SOMETHING_ELSE is set, and is no setting. See tsgi serve --help',
  ])
  expect(unknownVariables({ TSGI_CHECK_CONFIG: '1' })[0]).toContain('TSGI_CHECK_CONFIG is set, and is no setting.')
})
