/** Turns of the event loop: `setImmediate` where the runtime has it, so that sockets are served in between. */
export type Turn = ReturnType<typeof setImmediate> | ReturnType<typeof setTimeout>

const { setImmediate: immediate, clearImmediate } = globalThis as Partial<
  Pick<typeof globalThis, 'setImmediate' | 'clearImmediate'>
>

/** Calls `run` in a later turn, after what waits now. */
export const nextTurn: (run: () => void) => Turn =
  immediate === undefined ? (run) => setTimeout(run, 0) : (run) => immediate(run)

export function cancelTurn(turn: Turn): void {
  if (clearImmediate === undefined) clearTimeout(turn as ReturnType<typeof setTimeout>)
  else clearImmediate(turn as ReturnType<typeof setImmediate>)
}
