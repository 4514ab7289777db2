import { execFile } from 'node:child_process'

/** One line of output of an npm command, or why it failed. */
const npm = (/** @type {string[]} */ args, /** @type {string} */ cwd) =>
  new Promise((/** @type {(result: { ok: boolean, text: string }) => void} */ resolve) => {
    const options = { cwd, timeout: 15_000, shell: process.platform === 'win32' }
    execFile('npm', args, options, (error, stdout) => resolve({ ok: error === null, text: stdout.trim() }))
  })

/**
 * Why an install failed, as far as can be told, and what to do about it.
 *
 * @param {string} pnpm such as `pnpm@12.21.0`
 * @param {string} cwd
 * @param {number} code
 * @returns {Promise<string>}
 */
export async function installFailed(pnpm, cwd, code) {
  if (code > 128) return 'Interrupted.'
  const registry = (await npm(['config', 'get', 'registry'], cwd)).text
  const reached = await npm(['view', pnpm, 'version', '--fetch-retries=0', '--fetch-timeout=8000'], cwd)
  const advice = reached.ok
    ? [
        `The registry ${registry} answers, so the lines above say what is wrong.`,
        'Often it helps to remove what is half installed: delete the node_modules folder, then run the same command again.',
      ]
    : [
        `The package registry cannot be reached: ${registry}`,
        'Check the network. Behind a proxy, tell npm:  npm config set https-proxy http://proxy.example:8080',
        'With a registry of your own:                  npm config set registry https://registry.example/',
        'Then run the same command again; what was already fetched is kept.',
      ]
  return ['Installing the dependencies failed.', '', ...advice].map((line) => `  ${line}`).join('\n')
}
