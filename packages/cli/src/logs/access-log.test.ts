import type { AccessRecord } from '@tsgi/spec/server'
import { describe, expect, it } from 'vitest'
import { combined, json } from './access-log.ts'

const record = (changes: Partial<AccessRecord> = {}): AccessRecord => ({
  time: Date.UTC(2026, 10, 3, 4, 5, 6, 789),
  remoteAddr: '203.0.113.7',
  method: 'GET',
  target: '/hello?a=1',
  protocol: 'HTTP/1.1',
  status: 200,
  bytes: 12,
  duration: 1.23456,
  requestHeaders: ['host', 'a', 'referer', 'http://a/', 'user-agent', 'curl/8.5.0'],
  complete: true,
  ...changes,
})

/** As a log analyser takes the line apart. */
const COMBINED =
  /^(\S+) (\S+) (\S+) \[([^\]]+)\] "((?:[^"\\]|\\.)*)" (\d{3}) (\d+|-) "((?:[^"\\]|\\.)*)" "((?:[^"\\]|\\.)*)"\n$/

describe('the combined format', () => {
  it('has the fields that analysers expect', () => {
    const fields = COMBINED.exec(combined(record()))?.slice(1)
    expect(fields?.toSpliced(3, 1)).toEqual([
      '203.0.113.7',
      '-',
      '-',
      'GET /hello?a=1 HTTP/1.1',
      '200',
      '12',
      'http://a/',
      'curl/8.5.0',
    ])
  })

  it('has a time that reads back as the same second', () => {
    const [, day, month, year, clock, zone] =
      /\[(\d\d)\/(\w{3})\/(\d{4}):(\S+) ([+-]\d{4})\]/.exec(combined(record())) ?? []
    expect(Date.parse(`${day} ${month} ${year} ${clock} ${zone}`)).toBe(Date.UTC(2026, 10, 3, 4, 5, 6))
  })

  it('moves on to the next second', () => {
    const time = (at: number) => /\[(.*)\]/.exec(combined(record({ time: at })))?.[1]
    const first = Date.UTC(2026, 10, 3, 4, 5, 6, 999)
    expect(time(first + 1)).not.toBe(time(first))
    expect(time(first - 999)).toBe(time(first))
  })

  it('keeps what a client sent inside its quotes', () => {
    const forged = 'x" 200 1 "-" "\r\n127.0.0.1 - - \\ \x1b[31m \xe9'
    const line = combined(record({ requestHeaders: ['user-agent', forged] }))
    expect(COMBINED.exec(line)?.[9]).toBe('x\\" 200 1 \\"-\\" \\"\\x0D\\x0A127.0.0.1 - - \\\\ \\x1B[31m \\xE9')
  })

  it('writes a dash for what is not there', () => {
    expect(combined(record({ remoteAddr: null, requestHeaders: [] }))).toMatch(/^- - - .* "-" "-"\n$/)
  })
})

describe('the JSON format', () => {
  it('is one object a line', () => {
    const line = json(record())
    expect(line.indexOf('\n')).toBe(line.length - 1)
    expect(JSON.parse(line)).toEqual({
      time: '2026-11-03T04:05:06.789Z',
      remoteAddr: '203.0.113.7',
      method: 'GET',
      target: '/hello?a=1',
      protocol: 'HTTP/1.1',
      status: 200,
      bytes: 12,
      duration: 1.235,
      referer: 'http://a/',
      userAgent: 'curl/8.5.0',
      complete: true,
    })
  })

  it('gives back exactly what a client sent', () => {
    const forged = 'x"} \\ \r\n \x00 \xe9'
    expect(JSON.parse(json(record({ requestHeaders: ['user-agent', forged], remoteAddr: null })))).toMatchObject({
      userAgent: forged,
      referer: null,
      remoteAddr: null,
    })
  })
})
