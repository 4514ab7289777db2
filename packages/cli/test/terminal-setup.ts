import { spawnSync } from 'node:child_process'
import { BIN, Folder } from './command.ts'

export const hasScript = spawnSync('script', ['--version']).status === 0

export const APP = `export default (environ, startResponse) => { startResponse(200, []); return String(process.pid) }`

export const onTerminal = (folder: Folder, args: string) =>
  folder.program('script', ['-qfec', `stty cols 120; exec ${process.execPath} ${BIN} ${args}`, '/dev/null'])

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
