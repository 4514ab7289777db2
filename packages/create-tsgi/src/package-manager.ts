import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** Name of the package manager that started this, by what it says in `npm_config_user_agent`. */
export function packageManager(userAgent: string | undefined): 'npm' | 'pnpm' | 'yarn' | 'bun' {
  const name = /^(npm|pnpm|yarn|bun)\//.exec(userAgent ?? '')?.[1]
  return (name as 'npm' | 'pnpm' | 'yarn' | 'bun' | undefined) ?? 'npm'
}

/** Installs the dependencies of a project; false where that fails. Its output goes to the terminal. */
export async function install(manager: string, folder: string): Promise<boolean> {
  // On Windows the package managers are scripts, which only a shell starts.
  const child = spawn(manager, ['install'], { cwd: folder, stdio: 'inherit', shell: process.platform === 'win32' })
  try {
    const [code] = (await once(child, 'exit')) as [number | null]
    return code === 0
  } catch {
    return false
  }
}
