import { type Running } from './command.ts'

export const FILES = {
  'app.ts': `import { word } from './word.ts'
    export default (environ, startResponse) => { startResponse(200, []); return word }`,
  'word.ts': `export const word = 'one'`,
}
export const CLUSTER = ['serve', 'app.ts', '-p', '0', '--server', 'cluster', '-w', '1', '--pid-file', 'pid']

export const portOf = async (tsgi: Running) => new URL(await tsgi.url()).port

export interface Status {
  readonly pid: number
  readonly generation: number
  readonly size: number
  readonly requests: number
  readonly restarts: number
  readonly ends: readonly { readonly reason: string }[]
  readonly workers: readonly { readonly pid: number; readonly memory: number; readonly phase: string }[]
}
