/**
 * `pnpm release --dry-run`: makes the packages of the next version in a clone of what is committed, and tries them.
 * Without `--dry-run` it then publishes the files that were tried.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tryAsConsumer } from './src/consumer.ts'
import { lintTarball } from './src/lint-tarball.ts'
import { localRegistry } from './src/local-registry.ts'
import { publishedPackages, ROOT } from './src/packages.ts'
import { tarballFaults } from './src/tarball-rules.ts'
import { packAll } from './src/tarballs.ts'

const args = process.argv.slice(2)
const dryRun = args.includes('--dry-run')
const keep = args.includes('--keep')
const unknown = args.filter((arg) => arg !== '--dry-run' && arg !== '--keep')
if (unknown.length > 0) {
  console.error(`expected --dry-run, --keep or nothing, got ${unknown.join(' ')}`)
  process.exit(2)
}

const work = mkdtempSync(join(tmpdir(), 'tsgi-release-'))
const clone = join(work, 'clone')
const faults: string[] = []

const run = (program: string, ...given: string[]): void =>
  void execFileSync(program, given, { cwd: clone, stdio: ['ignore', 'pipe', 'pipe'] })

async function step<T>(title: string, work: () => T | Promise<T>): Promise<T> {
  const started = performance.now()
  process.stdout.write(`› ${title} `)
  const result = await work()
  console.log(`(${((performance.now() - started) / 1000).toFixed(0)} s)`)
  return result
}

try {
  await step('a clone of what is committed', () =>
    execFileSync('git', ['clone', '--quiet', '--local', ROOT, clone], { stdio: ['ignore', 'ignore', 'inherit'] }),
  )
  await step('installing', () => run('pnpm', 'install', '--frozen-lockfile', '--prefer-offline', '--reporter=silent'))
  await step('versions and changelogs', () => run('pnpm', 'exec', 'changeset', 'version'))
  await step('building', () =>
    run('pnpm', 'exec', 'turbo', 'run', 'build', '--output-logs=errors-only', '--filter=./packages/*'),
  )
  const tarballs = await step('packing', () => packAll(join(work, 'tarballs'), publishedPackages(clone)))
  await step('README, LICENSE, types, no tests', () => faults.push(...tarballs.flatMap(tarballFaults)))
  await step('publint and arethetypeswrong', async () => {
    for (const tarball of tarballs) faults.push(...(await lintTarball(tarball)))
  })
  await step('knip: dependencies that are missing or not used', () => {
    try {
      const knip = join(ROOT, 'tooling', 'release', 'node_modules', '.bin', 'knip')
      execFileSync(knip, ['--dependencies', '--production', '--exclude', 'binaries'], { cwd: clone, encoding: 'utf8' })
    } catch (error) {
      faults.push(String((error as { readonly stdout?: unknown }).stdout ?? error))
    }
  })
  await step('installed in an empty project, imported and compiled', async () => {
    const upstream = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8', cwd: work }).trim()
    await using registry = await localRegistry(tarballs, upstream)
    try {
      await tryAsConsumer(tarballs, join(work, 'consumer'), registry.url)
    } catch (error) {
      const { stdout = '', stderr = '' } = error as { readonly stdout?: string; readonly stderr?: string }
      faults.push(`consumer: ${stdout}${stderr}${stdout + stderr === '' ? String(error) : ''}`)
    }
  })
  console.log()
  for (const { manifest, file, paths } of tarballs) {
    const size = `${(statSync(file).size / 1024).toFixed(0)} kB`
    console.log(
      `${manifest.name.padEnd(26)} ${manifest.version.padEnd(8)} ${size.padStart(8)} ${String(paths.length).padStart(5)} files`,
    )
  }
  console.log(`\n${readFileSync(join(clone, 'packages', 'cli', 'CHANGELOG.md'), 'utf8')}`)
  for (const fault of faults) console.error(`✗ ${fault}`)
  console.log(`${tarballs.length} packages, ${faults.length} faults`)
  process.exitCode = faults.length === 0 ? 0 : 1
  if (!dryRun && faults.length === 0) {
    for (const { file } of tarballs) execFileSync('npm', ['publish', '--access', 'public', file], { stdio: 'inherit' })
    console.log(
      '\nPublished. Commit the versions: pnpm exec changeset version, and tag them: pnpm exec changeset git-tag',
    )
  }
} finally {
  if (keep) console.log(work)
  else rmSync(work, { recursive: true, force: true })
}
