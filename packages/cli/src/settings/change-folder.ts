import { UsageError } from '../usage-error.ts'
import type { Flags } from './settings.ts'

/**
 * `--chdir`: before anything is read, so that all relative paths start there.
 *
 * @throws UsageError where there is no such folder
 */
export function changeFolder({ chdir }: Flags): void {
  if (typeof chdir !== 'string') return
  try {
    process.chdir(chdir)
  } catch (error) {
    throw new UsageError(
      [`--chdir ${chdir}: expected a folder that can be entered: ${(error as Error).message}`],
      error,
    )
  }
}
