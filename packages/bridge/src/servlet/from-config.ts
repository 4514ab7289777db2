import type { Application } from '@tsgi/spec'
import { requireApp } from '../options.ts'
import { servlet, type ServletOptions } from './servlet.ts'

export type ServletConfig = ServletOptions & { readonly app: string }

/** {@link servlet} as data, so that it reaches a child process: the default export of `@tsgi/bridge/servlet`. */
export default function fromConfig({ app, ...options }: ServletConfig): Application {
  return servlet(requireApp(app, 'shop.war'), options)
}
