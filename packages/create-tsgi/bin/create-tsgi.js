#!/usr/bin/env node
// Plain enough for any Node to read, so that an old one can say so instead of failing over what it does not know.
const OLDEST = [22, 18]
const [major, minor] = process.versions.node.split('.').map(Number)

if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
  console.error(`create-tsgi: this is Node ${process.versions.node}; TSGI runs on Node ${OLDEST.join('.')} and newer.`)
  process.exitCode = 1
} else {
  import('../dist/main.js')
}
