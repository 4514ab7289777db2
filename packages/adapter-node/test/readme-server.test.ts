import { readFileSync } from 'node:fs'
import { conform } from '@tsgi/conformance'
import { describe, expect, test } from 'vitest'
import server from './readme-server.ts'

describe('a server module around a host of Node listeners', () => {
  test('is the example of the README', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
    expect(readme).toContain(`\`\`\`ts\n${readFileSync(new URL('readme-server.ts', import.meta.url), 'utf8')}\`\`\``)
  })

  test('answers, and holds what the kit asks first', async () => {
    const only = ['boot-', 'body-string', 'continue-on-read', 'draining-stop', 'trailers-set-cookie']
    const { outcomes } = await conform(server, { only })
    expect(outcomes.filter(({ kind }) => kind !== 'passed')).toEqual([])
  })

  test('does not start on a port that is taken', async () => {
    const first = await server.serve(() => null, { listen: [{ host: '127.0.0.1', port: 0 }] })
    const { port } = first.addresses[0] as { readonly port: number }
    await expect(server.serve(() => null, { listen: [{ host: '127.0.0.1', port }] })).rejects.toMatchObject({
      code: 'TSGI_ERR_BIND',
    })
    await first.close({ graceful: 0 })
  })
})
