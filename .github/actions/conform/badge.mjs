/**
 * From the JSON of `tsgi conform` to a badge in the form that shields.io reads from an address.
 *
 *     node badge.mjs conformance.json conformance-badge.json
 *
 * Prints `badge=` and the text, for the outputs of a step.
 */
import { readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { findPackageJSON } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'

const [from, to] = process.argv.slice(2)
if (from === undefined || to === undefined) {
  console.error('expected two files: node badge.mjs conformance.json conformance-badge.json')
  process.exit(2)
}

/** The kit as the project sees it, and the specification as the kit does. */
const kit = manifestOf('@tsgi/conformance', join(process.cwd(), 'package.json'))
const title = readFileSync(join(dirname(manifestOf('@tsgi/spec', kit)), 'SPEC.md'), 'utf8')

const { conforms, outcomes } = JSON.parse(readFileSync(from, 'utf8'))
// What was not asked and what does not bind is no part of either number.
const asked = outcomes.filter(({ verdict }) => verdict !== 'inapplicable' && verdict !== 'differs')
const passed = asked.filter(({ verdict }) => verdict === 'passed')
const specification = /^# TSGI (\d+\.\d+)/.exec(title)?.[1] ?? 'unknown'
const message = `${passed.length}/${asked.length}, SPEC ${specification}, ${JSON.parse(readFileSync(kit, 'utf8')).version}`

writeFileSync(
  to,
  `${JSON.stringify({ schemaVersion: 1, label: 'TSGI', message, color: conforms ? 'brightgreen' : 'red' }, null, 2)}\n`,
)
console.log(`badge=${message}`)

/** The package.json of a package, as the file sees it. */
function manifestOf(name, from) {
  const found = findPackageJSON(name, pathToFileURL(from))
  if (found === undefined) throw new Error(`expected ${name} to be installed, found none from ${from}`)
  return realpathSync(found)
}
