import { fileURLToPath } from 'node:url'
import type { Application } from '@tsgi/spec'
import { bridge } from '../bridge.ts'
import type { Language } from '../language.ts'
import type { BridgeOptions } from '../options.ts'
import { findInterpreter } from './interpreter.ts'
import { missingModuleAdvice } from './missing-module.ts'

export interface PythonOptions extends BridgeOptions {
  /**
   * The interpreter, or the folder of its virtual environment. Default: `TSGI_PYTHON`, `VIRTUAL_ENV`, `.venv` or `venv` in
   * `cwd`, `python3` on the path.
   */
  readonly python?: string | undefined
}

/**
 * A WSGI application (PEP 3333) as a TSGI application.
 *
 * @param app `module:name`, `file.py:name`, or with a factory `module:create_app()`; without a name, `application` or `app`
 * @throws BridgeError where an option makes no sense
 * @example export default python('myproject.wsgi:application', { threads: 4 })
 */
export function python(app: string, options: PythonOptions = {}): Application {
  const { program } = findInterpreter(options.python, options.cwd ?? process.cwd(), { ...process.env, ...options.env })
  return bridge(pythonLanguage(program), app, options)
}

const WORKER = fileURLToPath(new URL('../../workers/python', import.meta.url))

export const pythonLanguage = (program: string): Language => ({
  name: 'Python',
  command: { file: program, args: [WORKER] },
  stackSignal: 'SIGUSR1',
  advice: (failed) => missingModuleAdvice(program, failed),
})
