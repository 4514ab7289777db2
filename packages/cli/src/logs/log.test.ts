import { stripVTControlCharacters } from 'node:util'
import type { LogLevel } from '@tsgi/spec/server'
import { describe, expect, it } from 'vitest'
import { createLog } from './log.ts'

function written(pretty: boolean, level: LogLevel = 'info') {
  const lines: string[] = []
  return { lines, log: createLog({ level, pretty, write: (line) => lines.push(line) }) }
}

describe('the log', () => {
  it('is a JSON object a line', () => {
    const { lines, log } = written(false)
    log('warn', 'the disk is full', { free: 0, error: new TypeError('no') })
    expect(lines).toHaveLength(1)
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'warn',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      msg: 'the disk is full',
      free: 0,
      error: { type: 'TypeError', message: 'no', stack: expect.stringContaining('log.test.ts') },
    })
  })

  it('is for people on a terminal', () => {
    const { lines, log } = written(true)
    log('error', 'handler failed', { path: '/x', error: new TypeError('no') })
    const text = stripVTControlCharacters(lines.join(''))
    expect(text).toMatch(/^\d\d:\d\d:\d\d error handler failed path=\/x\n {2}TypeError: no\n {6}at .*log\.test\.ts/)
  })

  it('lets nothing that is logged drive the terminal', () => {
    const { lines, log } = written(true)
    log('info', 'GET /\x1b[2J', { error: new Error('\x1b]0;owned\x07') })
    // Each escape that is left belongs to the clock's or the level's colour.
    expect(
      lines
        .join('')
        .split('\x1b')
        .slice(1)
        .every((part) => /^\[\d+m/.test(part)),
    ).toBe(true)
  })

  it('shows in a message with several lines which of them is a line of the log', () => {
    const { lines, log } = written(true)
    log('info', 'first\n12:00:00 error forged\x1b\x1b[0m[2J\n')
    expect(stripVTControlCharacters(lines.join('')).slice(9)).toBe('info  first\n  12:00:00 error forged\\x1b[2J\n')
  })

  it.each([true, false])('keeps quiet below its level (pretty: %s)', (pretty) => {
    const { lines, log } = written(pretty, 'warn')
    log('debug', 'a')
    log('info', 'b')
    log('warn', 'c')
    log('error', 'd')
    expect(lines).toHaveLength(2)
  })
})
