import { optionalPackage } from '../optional-package.ts'
import { defineCommand, option, type TsgiCommand } from './command.ts'

/** The flags of `tsgi conform`, as texts. */
export interface ConformFlags {
  readonly only?: readonly string[]
  readonly level?: string
  readonly list?: true
  readonly json?: string
  readonly junit?: string
  readonly without?: readonly string[]
  readonly patience?: string
}

export const conform: TsgiCommand = defineCommand({
  name: 'conform',
  summary:
    'Test a server module, or what RFCs require of any HTTP/1.1 server, by its address; exit code 1 if it does not conform.',
  arguments: [['[target]', 'file or package of a server module; event-loop, cluster, process; or http://host:port/']],
  options: [
    option('--only <id...>', 'these cases, or those whose ids begin so'),
    option('--level <n>', 'up to this level: 0 boots, 1 interface, 2 HTTP, 3 faults (default: 3)'),
    option('--list', 'list the cases, and run none'),
    option('--json <file>', 'write the result as JSON; - is standard output'),
    option('--junit <file>', 'write the result as JUnit XML; - is standard output'),
    option('--without <capability...>', 'not claimed: early-hints, trailers, upgrade, half-close, draining, http-1.0'),
    option('--patience <factor>', 'multiply the deadlines of cases, for a server that is slow to connect (default: 1)'),
  ],
  async run([target]: readonly [string | undefined], flags: ConformFlags, context) {
    const load = () => import('../conforming/conform-command.ts')
    const { conformCommand } = await optionalPackage('@tsgi/conformance', 'conform', load)
    return await conformCommand(target, flags, context)
  },
})
