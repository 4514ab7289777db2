import { describe, expect, it } from 'vitest'
import { LANGUAGE_SERVERS, languagePeer, usualServerOf } from './language-servers.ts'

describe('a server of another language', () => {
  it('has applications of that language alone', () => {
    const app = { module: '@tsgi/bridge/python', app: '/srv/site/app.py:site', cwd: '/srv' }
    expect(languagePeer('puma', app)).toBeNull()
    expect(languagePeer('event-loop', app)).toBeNull()
    expect(LANGUAGE_SERVERS).toContain(usualServerOf('@tsgi/bridge/servlet'))
  })
})
