/** What the process of a server and the kit tell each other. All of it is JSON. */
import type { Address, Json, LogLevel, ModuleReference, ServeErrorCode } from '@tsgi/spec/server'

export type ToHost =
  | {
      readonly kind: 'serve'
      readonly app: ModuleReference & { readonly module: string }
      readonly options: { readonly [name: string]: Json | undefined }
    }
  | { readonly kind: 'close'; readonly graceful: number | undefined }

/** An error as it crosses. */
export interface ErrorText {
  readonly name: string
  readonly message: string
  readonly stack: string
}

export type FromHost =
  /** The module is loaded and is a server. */
  | { readonly kind: 'loaded'; readonly name: string }
  /** It is none, or could not be loaded. */
  | { readonly kind: 'unusable'; readonly reason: string }
  | { readonly kind: 'listening'; readonly addresses: readonly Address[]; readonly urls: readonly string[] }
  | { readonly kind: 'refused'; readonly error: ErrorText; readonly code: ServeErrorCode | undefined }
  | { readonly kind: 'log'; readonly level: LogLevel; readonly message: string; readonly error: string | undefined }
  | { readonly kind: 'closed'; readonly cutOff: number }
  | { readonly kind: 'not-closed'; readonly stack: string }
