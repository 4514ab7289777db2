/** A real PostgreSQL for tests: the one of DATABASE_URL, else a cluster of our own from installed binaries. */
import { execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, globSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'

export interface TestDatabase {
  /** For DATABASE_URL: an empty schema of its own. */
  readonly url: string
  stop(): Promise<void>
}

/** `undefined` where there is no PostgreSQL; then a test is to be skipped, saying so. */
export async function startPostgres(): Promise<TestDatabase | undefined> {
  const given = process.env['DATABASE_URL']
  if (given !== undefined && given !== '') return inOwnSchema(given)
  const [binaries] = globSync('/usr/lib/postgresql/*/bin').toSorted().toReversed()
  return binaries === undefined ? undefined : startCluster(binaries)
}

async function inOwnSchema(server: string): Promise<TestDatabase> {
  const schema = `test_${randomBytes(6).toString('hex')}`
  const run = async (sql: string): Promise<void> => {
    const client = new Client({ connectionString: server })
    await client.connect()
    await client.query(sql)
    await client.end()
  }
  await run(`CREATE SCHEMA ${schema}`)
  const url = `${server}${server.includes('?') ? '&' : '?'}options=${encodeURIComponent(`-c search_path=${schema}`)}`
  return { url, stop: () => run(`DROP SCHEMA ${schema} CASCADE`) }
}

async function startCluster(binaries: string): Promise<TestDatabase> {
  const folder = mkdtempSync(join(tmpdir(), 'notes-pg-'))
  // PostgreSQL refuses to run as root.
  const isRoot = process.getuid?.() === 0
  const user = isRoot ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups', '--pdeathsig=INT'] : []
  if (isRoot) chownSync(folder, ...ownerOf('postgres'))
  const [initdb, ...initArguments] = [...user, join(binaries, 'initdb'), '-D', join(folder, 'data'), '-U', 'notes', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync'] // prettier-ignore
  execFileSync(initdb as string, initArguments, { stdio: ['ignore', 'ignore', 'pipe'], cwd: folder })
  const [command, ...serverArguments] = [...user, join(binaries, 'postgres'), '-D', join(folder, 'data'), '-k', folder, '-c', 'listen_addresses=', '-c', 'fsync=off'] // prettier-ignore
  const server = spawn(command as string, serverArguments, { stdio: ['ignore', 'ignore', 'pipe'], cwd: folder })
  const exited = new Promise<void>((resolve) => server.once('exit', () => resolve()))
  await new Promise<void>((resolve, reject) => {
    let log = ''
    server.stderr.setEncoding('utf8').on('data', (text: string) => {
      log += text
      if (log.includes('ready to accept connections')) resolve()
    })
    server.once('exit', (code) => reject(new Error(`postgres ended with ${code}:\n${log}`)))
  })
  return {
    url: `postgres://notes@/postgres?host=${encodeURIComponent(folder)}`,
    async stop() {
      server.kill('SIGINT')
      await exited
      rmSync(folder, { recursive: true })
    },
  }
}

function ownerOf(user: string): [uid: number, gid: number] {
  const ask = (flag: string): number => Number(execFileSync('id', [flag, user], { encoding: 'utf8' }))
  return [ask('-u'), ask('-g')]
}
