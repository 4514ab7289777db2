import { spawn } from 'node:child_process'
import { constants } from 'node:os'

const RELAYED = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2'])

/**
 * Runs a command in this terminal and gives its exit code; 128 + n where signal n ended it. Signals that reach this
 * process go on to the command, which decides what they mean.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd: string, env: NodeJS.ProcessEnv }} options
 * @returns {Promise<number>}
 */
export function run(command, args, { cwd, env }) {
  return new Promise((resolve, reject) => {
    // On Windows, npx and the commands in node_modules/.bin are scripts, which only a shell starts.
    const child = spawn(command, args, { cwd, env, stdio: 'inherit', shell: process.platform === 'win32' })
    const relays = RELAYED.map((signal) => {
      const relay = () => void child.kill(signal)
      process.on(signal, relay)
      return () => process.off(signal, relay)
    })
    const settled = () => relays.forEach((remove) => remove())
    child.once('error', (error) => {
      settled()
      reject(startFailure(command, error))
    })
    child.once('exit', (code, signal) => {
      settled()
      resolve(signal === null ? (code ?? 1) : 128 + constants.signals[signal])
    })
  })
}

/** Why a command could not be started. */
export function startFailure(/** @type {string} */ command, /** @type {Error} */ error) {
  if (!('code' in error && error.code === 'ENOENT')) return error
  const advice = command === 'npx' ? ' It comes with npm: install npm, then run the same command again.' : ''
  return new Error(`${command} is not on PATH.${advice}`)
}
