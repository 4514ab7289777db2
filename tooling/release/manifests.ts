/** Compares the package.json of each package with what the root's says; with `--fix`, writes what follows from it. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readHome } from './src/home.ts'
import { manifestFaults, withDerivedFields } from './src/manifest-rules.ts'
import { publishedPackages } from './src/packages.ts'

const home = readHome()

if (process.argv[2] === '--fix') {
  for (const one of publishedPackages()) {
    const file = join(one.folder, 'package.json')
    const text = `${JSON.stringify(withDerivedFields(home, one), null, 2)}\n`
    if (text !== readFileSync(file, 'utf8')) writeFileSync(file, text)
  }
}

const faults = publishedPackages().flatMap((one) => manifestFaults(home, one))
for (const fault of faults) console.error(fault)
if (faults.length > 0) {
  console.error('\nWhat follows from the root is written by: node tooling/release/manifests.ts --fix')
  process.exitCode = 1
}
