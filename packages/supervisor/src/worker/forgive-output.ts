/** What an application says to a full disk, or to nobody any more, is lost; the application goes on. */

/**
 * Errors of an output stream are nobody's end. The stream is made when the application first asks for it, as the runtime does: to
 * make both is 2 % of the start of a process that serves one connection.
 */
export function forgiveOutput(name: 'stdout' | 'stderr'): void {
  const original = Object.getOwnPropertyDescriptor(process, name)
  if (original?.get === undefined || original.configurable !== true) {
    process[name].on('error', () => {})
    return
  }
  Object.defineProperty(process, name, {
    ...original,
    get: () => {
      Object.defineProperty(process, name, original)
      return process[name].on('error', () => {})
    },
  })
}
