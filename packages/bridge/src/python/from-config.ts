import type { Application } from '@tsgi/spec'
import { requireApp } from '../options.ts'
import { python, type PythonOptions } from './python.ts'

export type PythonConfig = PythonOptions & { readonly app: string }

/** {@link python} as data, so that it reaches a child process: the default export of `@tsgi/bridge/python`. */
export default function fromConfig({ app, ...options }: PythonConfig): Application {
  return python(requireApp(app, 'myproject.wsgi:application'), options)
}
