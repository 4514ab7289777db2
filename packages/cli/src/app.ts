import type { ModuleReference } from '@tsgi/spec/server'

/** Where an application is, and who said so. */
export interface App {
  readonly text: string
  readonly reference: ModuleReference
  readonly origin: string
  /** What runs it, where that is known before it is loaded: another language. */
  readonly what?: string
}
