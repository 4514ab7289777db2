/** The exercise applications in Python, each a module beside this one. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { python } from '@tsgi/bridge'
import type { Observe } from '@tsgi/matrix'
import type { Application } from '@tsgi/spec'
import { observing } from '../observing.ts'

const HERE = fileURLToPath(new URL('.', import.meta.url))

/** The system's Python before another one: Debian's packages are what these rows want. */
const PROGRAMS = [process.env['TSGI_PYTHON'], '/usr/bin/python3', 'python3']

interface Found {
  readonly program: string
  /** Of the package, or of Python where the module comes with it. */
  readonly version: string
}

const ASK = `import importlib.util, importlib.metadata, platform, sys
if not importlib.util.find_spec(sys.argv[1]): sys.exit(1)
print(importlib.metadata.version(sys.argv[2]) if sys.argv[2] else platform.python_version())`

const known = new Map<string, Found | undefined>()

/** A Python that has a module, which is not imported for that; `undefined` where there is none. */
export function pythonWith(module: string, packageName: string): Found | undefined {
  if (!known.has(module)) known.set(module, find(module, packageName))
  return known.get(module)
}

function find(module: string, packageName: string): Found | undefined {
  for (const program of PROGRAMS) {
    if (program === undefined) continue
    const { status, stdout } = spawnSync(program, ['-c', ASK, module, packageName], { encoding: 'utf8' })
    if (status === 0) return { program, version: stdout.trim() }
  }
  return undefined
}

/** Makes an application of one in Python, which reports in its log that a client has left. */
export const exercises =
  (app: string, module: string, packageName: string): ((observe: Observe) => Application) =>
  (observe) =>
    observing(python(app, { cwd: HERE, threads: 4, python: pythonWith(module, packageName)?.program }), observe)
