import assert from 'node:assert/strict'
import { test } from 'node:test'
import app from './app.ts'

test('greets by name', async () => {
  const response = await app.request('/hello/Ada')
  assert.equal(response.status, 200)
  assert.match(await response.text(), /Hello, Ada!/)
})

test('answers 404 to other paths', async () => {
  assert.equal((await app.request('/other')).status, 404)
})
