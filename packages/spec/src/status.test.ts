import { STATUS_CODES } from 'node:http'
import { expect, test } from 'vitest'
import { STATUS_REASONS, statusReason } from './status.ts'

test('reasons are those of node:http, but for what the registry calls otherwise', () => {
  const differing = new Map<number, [ours: string, theirs: string | undefined]>()
  const codes = new Set([...Object.keys(STATUS_REASONS), ...Object.keys(STATUS_CODES)].map(Number))
  for (const code of codes) {
    if (statusReason(code) !== STATUS_CODES[code]) differing.set(code, [statusReason(code), STATUS_CODES[code]])
  }
  expect(Object.fromEntries(differing)).toEqual({
    413: ['Content Too Large', 'Payload Too Large'],
    418: ['', "I'm a Teapot"],
    422: ['Unprocessable Content', 'Unprocessable Entity'],
    509: ['', 'Bandwidth Limit Exceeded'],
    510: ['', 'Not Extended'],
  })
})

test('a status nobody registered has an empty reason', () => {
  expect(statusReason(299)).toBe('')
})
