import { EXERCISES } from '@tsgi/conformance'
import { readmeOf } from '@tsgi/readme'
import { expect, test } from 'vitest'
import { readConfig } from '../src/project/read-config.ts'

const README = readmeOf(import.meta.url)

test('the offer of the README can be read', () => {
  const [, json] = /```json\n([^]*?)```/.exec(README) ?? []
  const { tsgi } = JSON.parse(json as string) as { readonly tsgi: unknown }
  expect(readConfig(tsgi, 'README').frameworks).toHaveLength(1)
})

test('its output is that of so many exercises', () => {
  expect(README).toContain(`cells of ${EXERCISES.length} exercises`)
})
