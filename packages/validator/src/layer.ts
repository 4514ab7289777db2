/** The validator as a layer between server and application, for those that name their layers by module. */
import type { Application } from '@tsgi/spec'
import { validate } from './validate.ts'

export interface LayerConfig {
  readonly inner?: string
  readonly trace?: boolean
}

/** Reports to the server's log. */
export default function layer(application: Application, config: LayerConfig | null = null): Application {
  return validate(application, { inner: config?.inner, trace: config?.trace })
}
