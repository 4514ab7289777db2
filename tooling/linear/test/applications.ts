import { request } from '@tsgi/validator'
import type { Application } from '@tsgi/spec'
import { describe, expect, it } from 'vitest'
import { APPLICATIONS } from '../src/applications.ts'
import { growthOf } from '../src/growth.ts'
import { hostileInputs } from '../src/hostile.ts'

const FIELDS =
  'accept accept-encoding accept-language authorization cookie host if-match if-modified-since if-none-match if-range origin range referer sec-fetch-site x-forwarded-for forwarded x-any'.split(
    ' ',
  )
const OPENINGS = ['bytes=', 'W/"', 'multipart/form-data; boundary=']

/** The text at every place at once: as path, as query, in every field, as form. */
async function ask(app: Application, text: string): Promise<void> {
  const headers = FIELDS.flatMap((name) => [name, text.trim()])
  const target = encodeURI(text).replaceAll(/[?#\\]/g, '/')
  await request(app, { path: '/app.js', query: target, headers })
  await request(app, { path: `/${target}`, headers })
  for (const type of ['application/x-www-form-urlencoded', text.trim()]) {
    await request(app, {
      method: 'POST',
      path: '/app.js',
      headers: ['content-type', type, 'content-length', String(text.length)],
      body: [Buffer.from(text, 'latin1')],
    })
  }
}

export function describeApplications(thorough: boolean): void {
  describe('what applications read of a request', () => {
    for (const [name, make] of Object.entries(APPLICATIONS)) {
      it(`${name} takes time in proportion to it`, { timeout: 300_000 }, async () => {
        const app = make()
        for (const { name: input, input: text } of hostileInputs(thorough ? OPENINGS : [], thorough)) {
          expect(await growthOf((each) => ask(app, each), text), input).toBeNull()
        }
      })
    }
  })
}
