import { constants, openSync } from 'node:fs'

/**
 * Opens a file for lines at its end. A pipe without a reader is an error, and does not wait for one.
 *
 * @returns a descriptor
 */
export const openLogFile = (file: string): number =>
  openSync(file, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK, 0o640)
