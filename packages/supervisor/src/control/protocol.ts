/** What is said over a control socket: a request is a line of JSON, and so is its reply. */
import type { CloseResult } from '@tsgi/spec/server'
import type { FleetStatus } from '../status.ts'

export type ControlRequest =
  | { readonly command: 'status' }
  /** The reply comes when the new generation serves, or says why the old one goes on. */
  | { readonly command: 'reload' }
  /** The reply comes when all is over. */
  | { readonly command: 'stop'; readonly graceful?: number | undefined }
  | { readonly command: 'scale'; readonly to: number }

/** What each command is answered with. */
export interface ControlResults {
  readonly status: FleetStatus
  readonly reload: null
  readonly stop: CloseResult
  readonly scale: null
}

export type ControlReply =
  | { readonly result: ControlResults[keyof ControlResults] }
  | { readonly error: { readonly code: string; readonly message: string } }

/** Checks what came over the socket. `null`: it is no request. */
export function parseRequest(line: string): ControlRequest | null {
  let request: unknown
  try {
    request = JSON.parse(line)
  } catch {
    return null
  }
  if (typeof request !== 'object' || request === null || !('command' in request)) return null
  switch (request.command) {
    case 'status':
    case 'reload':
      return { command: request.command }
    case 'scale':
      return 'to' in request && typeof request.to === 'number' ? { command: 'scale', to: request.to } : null
    case 'stop': {
      const graceful = 'graceful' in request ? request.graceful : undefined
      return graceful === undefined || (typeof graceful === 'number' && graceful >= 0)
        ? { command: 'stop', graceful }
        : null
    }
    default:
      return null
  }
}
