/** The files of a folder. */
import { staticFiles } from '@tsgi/static-files'
import type { Application } from '@tsgi/spec'

export default function files(root: string): Application {
  return staticFiles(root)
}
