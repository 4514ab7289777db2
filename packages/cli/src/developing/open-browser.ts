import { spawn } from 'node:child_process'
import type { Logger } from '@tsgi/spec/server'

/** Opens a page in the browser: with the program that `BROWSER` names, else with that of the system. */
export function openBrowser(url: string, log: Logger): void {
  const { BROWSER } = process.env
  // By the convention of other development servers.
  if (BROWSER === 'none') return
  const [command, ...args] = BROWSER === undefined || BROWSER === '' ? systemCommand() : [BROWSER]
  const child = spawn(command, [...args, url], { detached: true, stdio: 'ignore' })
  child.on('error', ({ message }) => log('warn', `--open: cannot start ${command}: ${message}`))
  child.unref()
}

function systemCommand(): readonly [command: string, ...args: string[]] {
  if (process.platform === 'darwin') return ['open']
  // An empty title, since start takes a first argument in quotes for one.
  return process.platform === 'win32' ? ['cmd', '/c', 'start', ''] : ['xdg-open']
}
