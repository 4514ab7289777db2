#!/bin/sh
':' //; exec node -- "$0" "$@"
// The shell runs the line above, which is a string to Node. Without `--`, Node takes an --env-file of this command for its own,
// and ends with its own exit code 9 where there is no such file; `env -S`, which could pass it, is missing in BusyBox.
// Plain enough for any Node to read, so that an old one can say so instead of failing over what it does not know.
// USR1 opens log files again (see stop-signals.ts); Node would open its inspector.
process.on('SIGUSR1', () => {})
const OLDEST = [22, 18]
const [major, minor] = process.versions.node.split('.').map(Number)

if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
  console.error(`tsgi: this is Node ${process.versions.node}; tsgi runs on Node ${OLDEST.join('.')} and newer.`)
  process.exitCode = 1
} else {
  import('node:module').then(({ enableCompileCache }) => {
    enableCompileCache()
    return import('../dist/main.js')
  })
}
