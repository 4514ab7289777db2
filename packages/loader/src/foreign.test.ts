import { describe, expect, it } from 'vitest'
import { foreignReference } from './foreign.ts'

const cwd = '/srv/site'

describe('references to applications in other languages', () => {
  it.each([
    ['python:myproject.wsgi:application', 'myproject.wsgi:application'],
    ['python:myproject.wsgi', 'myproject.wsgi'],
    ["python:site:create_app('production')", "site:create_app('production')"],
    ['app.py', '/srv/site/app.py'],
    ['sub/app.py:site', '/srv/site/sub/app.py:site'],
    ['python:app.py:create_app()', '/srv/site/app.py:create_app()'],
    ['/opt/app.py', '/opt/app.py'],
  ])('%s is %s', (text, app) => {
    expect(foreignReference(text, cwd)).toEqual({ module: '@tsgi/bridge/python', config: { app, cwd } })
  })

  it.each([
    ['config.ru', '/srv/site/config.ru'],
    ['rack:sub/config.ru', '/srv/site/sub/config.ru'],
    ['rack:site', 'site'],
  ])('%s is %s', (text, app) => {
    expect(foreignReference(text, cwd)).toEqual({ module: '@tsgi/bridge/rack', config: { app, cwd } })
  })

  it.each([
    ['shop.war', '/srv/site/shop.war'],
    ['java:sub/shop.war', '/srv/site/sub/shop.war'],
    ['java:com.example.Shop', 'com.example.Shop'],
  ])('%s is %s', (text, app) => {
    expect(foreignReference(text, cwd)).toEqual({ module: '@tsgi/bridge/servlet', config: { app, cwd } })
  })

  it.each(['Shop.java', 'app.ts', 'app.rb', 'app.pyx', 'python', './python/app.ts:python'])('%s is not one', (text) => {
    expect(foreignReference(text, cwd)).toBeNull()
  })
})
