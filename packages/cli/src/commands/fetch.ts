import type { Flags } from '../settings/settings.ts'
import { collect, defineCommand, inGroup, type TsgiCommand } from './command.ts'

/** The flags of `tsgi fetch` that describe a request; curl's names. */
export interface RequestFlags {
  readonly request?: string
  readonly header?: readonly string[]
  readonly data?: string
  readonly verbose?: true
}

export const fetch: TsgiCommand = defineCommand({
  name: 'fetch',
  summary: 'Make one request in this process, without a socket; exit code 22 outside 2xx.',
  settings: 'fetch',
  arguments: [
    ['<app>', 'file[:export] of the application'],
    ['<path>', 'path and query, or a whole URL'],
  ],
  options: [
    inGroup('Request', '-X, --request <method>', 'method; POST where there is data, else GET'),
    inGroup('Request', '-H, --header <field>', "field, such as 'accept: text/html' (repeatable)").argParser(collect),
    inGroup('Request', '-d, --data <data>', 'body; @file reads a file, @- standard input'),
    inGroup('Request', '-v, --verbose', 'show both heads on standard error'),
  ],
  async run(
    [app, target]: readonly [string, string],
    { request, header, data, verbose, ...flags }: RequestFlags & Flags,
    context,
  ) {
    const environment = await context.prepare('fetch', app, flags)
    const { fetchCommand } = await import('../fetching/fetch-command.ts')
    const asked = { target, request: { request, header, data, verbose } as RequestFlags }
    return await fetchCommand(environment, asked, { body: process.stdout, note: context.error })
  },
})
