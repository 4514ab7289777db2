import type { Application } from '@tsgi/spec'
import { requireApp } from '../options.ts'
import { rack, type RackOptions } from './rack.ts'

export type RackConfig = RackOptions & { readonly app: string }

/** {@link rack} as data, so that it reaches a child process: the default export of `@tsgi/bridge/rack`. */
export default function fromConfig({ app, ...options }: RackConfig): Application {
  return rack(requireApp(app, 'config.ru'), options)
}
