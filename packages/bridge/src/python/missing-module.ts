import { spawnSync } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { WorkerFailed } from '../language.ts'

/** For an interpreter to say whether it has a module, in milliseconds. */
const PATIENCE = 3000

/** What to do where the application imports a module that its interpreter does not have. */
export function missingModuleAdvice(program: string, { missing }: WorkerFailed): string {
  const module = missing?.split('.')[0]
  if (module === undefined || module === '') return ''
  const others = interpretersOnPath().filter((other) => !isSame(other, program) && hasModule(other, module))
  return [
    '',
    `${program} has no module ${module}. Install its package, which often has the same name:`,
    `  ${program} -m pip install ${module}`,
    ...others.slice(0, 1).map((other) => `or use the Python that has it:  --python ${other}`),
  ].join('\n')
}

function interpretersOnPath(): readonly string[] {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin']
  return [...new Set(folders.map((folder) => join(folder, 'python3')))].filter(existsSync).slice(0, 8)
}

function isSame(one: string, other: string): boolean {
  try {
    return realpathSync(one) === realpathSync(other)
  } catch {
    return false
  }
}

function hasModule(program: string, module: string): boolean {
  const ask = 'import importlib.util, sys; sys.exit(not importlib.util.find_spec(sys.argv[1]))'
  return spawnSync(program, ['-c', ask, module], { stdio: 'ignore', timeout: PATIENCE }).status === 0
}
