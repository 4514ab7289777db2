import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toFetch } from '@tsgi/adapter-fetch/to-fetch'
import app from './app.ts'

const fetch = toFetch(app)

test('greets by name', async () => {
  const response = await fetch(new Request('http://localhost/hello/Ada/'))
  assert.equal(response.status, 200)
  assert.match(await response.text(), /Hello, Ada!/)
})

test('answers 404 to other paths', async () => {
  const response = await fetch(new Request('http://localhost/other'))
  assert.equal(response.status, 404)
})
