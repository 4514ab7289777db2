import type { Application } from '@tsgi/spec'
import { BridgeError } from '../bridge-error.ts'
import { python, type PythonOptions } from './python.ts'

export type PythonConfig = PythonOptions & { readonly app: string }

/** {@link python} as data, so that it reaches a child process: the default export of `@tsgi/bridge/python`. */
export default function fromConfig({ app, ...options }: PythonConfig): Application {
  if (typeof app === 'string' && app !== '') return python(app, options)
  throw new BridgeError(
    'TSGI_ERR_BRIDGE_OPTION',
    `app: expected the name of an application such as myproject.wsgi:application, got ${JSON.stringify(app)}`,
  )
}
