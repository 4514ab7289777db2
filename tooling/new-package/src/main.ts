/**
 * A new package of this repository:
 *
 *     pnpm new server|framework|adapter|middleware NAME
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { isRoom, ROOMS } from '../../../packages/create-tsgi/src/rooms.ts'
import { newPackage, NewPackageError } from './new-package.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const [room = '', name = '', ...more] = process.argv.slice(2)

if (!isRoom(room) || name === '' || more.length > 0) {
  const kinds = Object.entries(ROOMS).map(([kind, { hint }]) => `  pnpm new ${kind.padEnd(10)} NAME   ${hint}`)
  console.error(`expected what to write, and its name:\n${kinds.join('\n')}`)
  process.exit(2)
}

try {
  newPackage(ROOT, room, name)
} catch (error) {
  if (!(error instanceof NewPackageError)) throw error
  console.error(`pnpm new: ${error.message}`)
  process.exit(1)
}

// What follows from the new package: its links in node_modules, the import rules, the format, the list of its exports.
for (const command of ['pnpm install --prefer-offline', 'pnpm layers', 'pnpm exec oxfmt', 'pnpm api']) {
  console.log(`› ${command}`)
  const { status } = spawnSync(command, { cwd: ROOT, shell: true, stdio: ['ignore', 'ignore', 'inherit'] })
  if (status !== 0) {
    console.error(`pnpm new: ${command} failed; run it again when what it says is repaired`)
    process.exit(1)
  }
}

console.log(`
Written: packages/${name}, its row in tooling/layers, its changeset${room === 'middleware' ? '' : ' and its line in test-matrix/matrix.config.ts'}

  pnpm -F @tsgi/${name} build
  pnpm -F @tsgi/${name} test        what is still to be written, in the order to write it${
    room === 'middleware'
      ? ''
      : `
  pnpm matrix                       its cells in the grid, when it is done`
  }${
    room === 'server'
      ? `
  pnpm exec tsgi bench --servers event-loop ./packages/${name}/src/index.ts   what a request costs on it`
      : ''
  }
`)
