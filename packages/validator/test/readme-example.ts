import { check, validate, type Finding } from '@tsgi/validator'
import type { Application } from '@tsgi/spec'

const guestBook: Application = (_environ, startResponse) => {
  startResponse(204, [])
  return 'welcome'
}

// Around an application that is served: to the server's log, each fault once.
export default validate(guestBook)

// In a test: through a set of requests, without a server.
export async function faults(): Promise<readonly Finding[]> {
  const { findings } = await check(guestBook, { paths: ['/', '/entries'] })
  return findings
}
