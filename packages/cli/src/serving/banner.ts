import { styleText } from 'node:util'
import type { Address } from '@tsgi/spec/server'

export interface BannerFacts {
  readonly version: string
  readonly server: string
  readonly node: string
  /** As NODE_ENV has it. */
  readonly mode: string
  /** As it was typed; absent where only files are served. */
  readonly app: string | undefined
  /** What the application was taken for; absent where this process did not load it. */
  readonly what: string | undefined
  /** Where servers of the application listen by themselves: "on port 9100". */
  readonly also: string | undefined
  /** Folders of static files; `''` for none. */
  readonly files: string
  readonly addresses: readonly Address[]
  readonly urls: readonly string[]
  /** Whether it is open to others only because the environment sets PORT. */
  readonly openedByPort: boolean
  readonly trusted: readonly string[]
  /** How the application is loaded anew. */
  readonly reload: 'watch' | 'command' | 'signal' | 'restart'
  /** What follows `tsgi reload`, so that it finds this server. */
  readonly which: string
  readonly pid: number
}

/** Five lines, or six, that say what runs, and what a newcomer would ask next. */
export function banner(facts: BannerFacts): string {
  const { version, server, node, mode, trusted } = facts
  const lines = [
    `${styled('bold', `tsgi ${version}`)} ${gray(`· ${server} · Node ${node} · ${mode}`)}`,
    row('app', app(facts)),
    ...(facts.also === undefined
      ? []
      : [row('also', facts.also, 'another server of the application, which listens by itself')]),
    row('address', facts.urls.map((url) => styled('cyan', url)).join('  '), reach(facts)),
    row('trusts', trusted.join(', ') || 'nobody', 'to say who the client is'),
    row('reload', reload(facts)),
  ]
  return `\n${lines.map((line) => `  ${line}\n`).join('')}\n`
}

const row = (label: string, text: string, remark = '') =>
  `${gray(label.padEnd(8))} ${text}${remark === '' ? '' : `  ${gray(remark)}`}`

function app({ app, what, files }: BannerFacts): string {
  if (app === undefined) return `the files of ${files}`
  return `${app}${what === undefined ? '' : gray(`  ${what}`)}${files === '' ? '' : gray(`, behind the files of ${files}`)}`
}

function reach({ addresses, openedByPort }: BannerFacts): string {
  if (addresses.every(isLoopback)) return 'this machine only; --host 0.0.0.0 opens it to others'
  return openedByPort ? 'open to others, because PORT is set; --host 127.0.0.1 closes it' : ''
}

const isLoopback = (address: Address) =>
  address.family !== 'unix' && (address.host.startsWith('127.') || address.host === '::1')

function reload({ reload, which, pid }: BannerFacts): string {
  switch (reload) {
    case 'command':
      return `tsgi reload${which}, or kill -HUP ${pid}`
    case 'watch':
      return 'when a module that was loaded changes'
    case 'signal':
      return `kill -HUP ${pid}`
    case 'restart':
      return 'stop it (Ctrl-C) and start it again; --watch does so on changes'
  }
}

const styled = (style: 'bold' | 'gray' | 'cyan', text: string) => styleText(style, text, { stream: process.stderr })
const gray = (text: string) => styled('gray', text)
