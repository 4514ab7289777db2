/** What the exit codes of the command mean. */
export const EXIT = {
  ok: 0,
  /** An error of the command itself, or an application that left its process in doubt. */
  internal: 1,
  /** `tsgi check` found a clause that is broken, `tsgi conform` a behaviour that binds and does not hold. */
  findings: 1,
  /** `tsgi reload`, `status`, `stop` and `scale`: nobody is there, or it could not be done. */
  notDone: 1,
  usage: 2,
  /** The application cannot be loaded, or its startup failed. */
  application: 3,
  /** An address cannot be bound. */
  address: 4,
  /** Responses were cut off at the graceful limit. */
  cutOff: 5,
  /** `tsgi fetch`: a status outside 2xx; curl's number for the same. */
  status: 22,
  /** Ctrl-C, after what was finished was shown. */
  interrupted: 130,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]
