import { spawnSync } from 'node:child_process'

/** `1.22.1`, or `null` where nginx is not installed. */
export function nginxVersion(): string | null {
  // It tells its version on standard error.
  const { stderr, error } = spawnSync('nginx', ['-v'], { encoding: 'utf8' })
  return error === undefined ? (/nginx\/(\S+)/.exec(stderr)?.[1] ?? 'unknown') : null
}
