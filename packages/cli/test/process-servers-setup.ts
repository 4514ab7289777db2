import { readFileSync } from 'node:fs'
import { type Running } from './command.ts'

export const APP = `
import { word } from './word.ts'
export default (environ, startResponse) => {
  if (environ.pathInfo === '/exit') process.exit(7)
  if (environ.pathInfo === '/hang') for (;;);
  startResponse(200, ['content-type', 'application/json'])
  const { multiprocess, runOnce } = environ
  return JSON.stringify({ word, pid: process.pid, multiprocess, runOnce, argv: process.execArgv })
}
`
export const word = (text: string) => ({ 'word.ts': `export const word = '${text}'\n` })
export const FILES = { 'app.ts': APP, ...word('one') }

export interface Answer {
  readonly word: string
  readonly pid: number
  readonly multiprocess: boolean
  readonly runOnce: boolean
  readonly argv: readonly string[]
}

/** On a connection of its own, so that any worker may answer. */
export const ask = async (tsgi: Running, path = '/'): Promise<Answer> =>
  (await (await tsgi.get(path, { headers: { connection: 'close' } })).json()) as Answer

export const CLUSTER = ['serve', 'app.ts', '-p', '0', '--server', 'cluster', '-w', '2']
export const PROCESS = ['serve', 'app.ts', '-p', '0', '--server', 'process', '--spare', '2', '--max-processes', '4']

/** Whether a process has ended; one that nobody has looked after since is none any more. */
export const isGone = (pid: number): boolean => {
  try {
    return / [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1').replace(/^.*\)/, ''))
  } catch {
    return true
  }
}
