import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toFetch } from '@tsgi/adapter-fetch/to-fetch'
import app from './app.ts'

const fetch = toFetch(app)

test('greets', async () => {
  const response = await fetch(new Request('http://localhost/'))
  assert.equal(response.status, 200)
  assert.match(await response.text(), /Hello from TSGI!/)
})

test('answers 404 to other paths', async () => {
  const response = await fetch(new Request('http://localhost/other'))
  assert.equal(response.status, 404)
})
