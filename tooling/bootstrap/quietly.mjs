import { spawn } from 'node:child_process'
import { startFailure } from './run.mjs'

/**
 * Runs a command and keeps what it prints, both streams in the order they were written. Signals of the terminal reach the
 * command by themselves, since it is in the same process group.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd: string, env: NodeJS.ProcessEnv }} options
 * @returns {Promise<{ code: number, output: string }>}
 */
export function quietly(command, args, { cwd, env }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (/** @type {string} */ text) => (output += text))
    child.once('error', (error) => reject(startFailure(command, error)))
    child.once('close', (code) => resolve({ code: code ?? 129, output }))
  })
}
