/** Applications that several behaviours use, and small tools for writing more. */
import type { Environ, HeaderList } from '@tsgi/spec'
import type { BehaviourApp } from '../behaviour.ts'

export const TEXT: HeaderList = ['content-type', 'text/plain; charset=utf-8']
export const JSON_FIELDS: HeaderList = ['content-type', 'application/json']

/** Reads the request's body to its end. */
export async function content(environ: Environ): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const part of environ.input) parts.push(part)
  return Buffer.concat(parts)
}

/** Answers with the body it was sent. */
export const echo: BehaviourApp = async (environ, startResponse) => {
  const body = await content(environ)
  startResponse(200, ['content-type', 'application/octet-stream'])
  return body
}

/** Answers with one member of the environ, as JSON. */
export const member =
  (pick: (environ: Environ) => unknown): BehaviourApp =>
  (environ, startResponse) => {
    startResponse(200, JSON_FIELDS)
    return JSON.stringify(pick(environ) ?? null)
  }

/** Answers with a text. */
export const answering =
  (text: string): BehaviourApp =>
  (_environ, startResponse) => {
    startResponse(200, TEXT)
    return text
  }

/** What a function throws, as text; `none` where it throws nothing. */
export function thrown(call: () => unknown): string {
  try {
    call()
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  return 'none'
}

export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds))
