/** Run by probe.ts: loads what it is told and prints the outcome as one line of JSON. */
import type { Environ } from '@tsgi/spec'
import { loadEntry, type EntryConfig } from '../src/entry.ts'
import { LoadError, parseReference } from '../src/index.ts'

const input = JSON.parse(process.argv[2] ?? '') as { reference: string } | { config: EntryConfig }
const app = 'reference' in input ? (parseReference(input.reference) as NonNullable<EntryConfig['app']>) : undefined
const config = 'config' in input ? input.config : { app: app as NonNullable<EntryConfig['app']> }

try {
  const { application, found } = await loadEntry(config)
  const environ = { pathInfo: '/', headers: [] } as unknown as Environ
  const body = found?.kind === 'tsgi' || found === null ? await application(environ, () => {}) : null
  print({
    kind: found?.kind ?? null,
    what: found?.what ?? null,
    export: found?.export ?? null,
    body,
    also: found?.alsoListening() ?? [],
  })
} catch (error) {
  if (!(error instanceof LoadError)) throw error
  print({ code: error.code, message: error.message, cause: error.cause instanceof Error ? error.cause.message : null })
}

function print(outcome: unknown) {
  console.log(JSON.stringify(outcome))
  process.exit()
}
