import { bench } from './bench.ts'
import { check } from './check.ts'
import type { TsgiCommand } from './command.ts'
import { completion } from './completion.ts'
import { conform } from './conform.ts'
import { reload, scale, status, stop } from './control.ts'
import { fetch } from './fetch.ts'
import { matrix } from './matrix.ts'
import { dev, serve } from './serve.ts'

/** In the order of the help. */
export const COMMANDS: readonly TsgiCommand[] = [
  serve,
  dev,
  fetch,
  check,
  reload,
  status,
  stop,
  scale,
  conform,
  matrix,
  bench,
  completion,
]
