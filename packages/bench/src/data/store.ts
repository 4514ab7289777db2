/** The database of the workloads: PostgreSQL where `DATABASE_URL` says so, else SQLite in the folder of the run. */
import { join } from 'node:path'
import type { Awaitable } from '@tsgi/spec'
import { randomId, type Fortune, type World } from './content.ts'
import { benchFolder } from './places.ts'

export interface Store {
  world(id: number): Awaitable<World>
  /** Reads that many random rows, gives each a new random number, writes them back. */
  update(count: number): Awaitable<World[]>
  fortunes(): Awaitable<readonly Fortune[]>
  close(): Awaitable<void>
}

/** Where PostgreSQL is; a variable that is empty is not set. */
export const databaseUrl = (): string | undefined => process.env['DATABASE_URL'] || undefined

/** Opened by an application as it loads; the runner has seeded it before. */
export async function openStore(): Promise<Store> {
  const url = databaseUrl()
  return url === undefined ? await openSqlite(join(benchFolder(), 'bench.sqlite')) : await openPostgres(url)
}

async function openSqlite(file: string): Promise<Store> {
  const { DatabaseSync } = await import('node:sqlite')
  const database = new DatabaseSync(file)
  database.exec('PRAGMA busy_timeout = 5000; PRAGMA synchronous = NORMAL')
  const world = database.prepare('SELECT id, randomNumber FROM world WHERE id = ?')
  const updated = database.prepare('SELECT id, randomNumber FROM updated_world WHERE id = ?')
  const write = database.prepare('UPDATE updated_world SET randomNumber = ? WHERE id = ?')
  const fortunes = database.prepare('SELECT id, message FROM fortune')
  return {
    world: (id) => world.get(id) as unknown as World,
    update(count) {
      database.exec('BEGIN IMMEDIATE')
      try {
        const rows = Array.from({ length: count }, () => {
          const { id } = updated.get(randomId()) as unknown as World
          const row = { id, randomNumber: randomId() }
          write.run(row.randomNumber, row.id)
          return row
        })
        database.exec('COMMIT')
        return rows
      } catch (error) {
        database.exec('ROLLBACK')
        throw error
      }
    },
    fortunes: () => fortunes.all() as unknown as Fortune[],
    close: () => database.close(),
  }
}

async function openPostgres(connectionString: string): Promise<Store> {
  const { default: pg } = await import('pg')
  const pool = new pg.Pool({ connectionString, max: 16 })
  const select = (table: string) => ({ name: table, text: `SELECT id, "randomNumber" FROM ${table} WHERE id = $1` })
  const world = select('tsgi_bench_world')
  const updated = select('tsgi_bench_updated_world')
  const rowOf = async (query: typeof world, id: number): Promise<World> => {
    const { rows } = await pool.query<World>({ ...query, values: [id] })
    const [row] = rows
    if (row === undefined) throw new Error(`there is no row ${id} in ${query.name}`)
    return row
  }
  return {
    world: (id) => rowOf(world, id),
    async update(count) {
      const read = await Promise.all(Array.from({ length: count }, () => rowOf(updated, randomId())))
      const rows = read.map(({ id }) => ({ id, randomNumber: randomId() }))
      // In one order of rows for everybody, so that two requests never wait for each other's locks; no row twice.
      const unique = [...new Map(rows.map((row) => [row.id, row])).values()].sort((a, b) => a.id - b.id)
      await pool.query({
        name: 'tsgi_bench_update',
        text: `WITH locked AS (SELECT id FROM tsgi_bench_updated_world WHERE id = ANY($1::int[]) ORDER BY id FOR UPDATE)
               UPDATE tsgi_bench_updated_world w SET "randomNumber" = n.number
               FROM unnest($1::int[], $2::int[]) AS n(id, number), locked WHERE w.id = n.id AND locked.id = n.id`,
        values: [unique.map(({ id }) => id), unique.map(({ randomNumber }) => randomNumber)],
      })
      return rows
    },
    fortunes: async () =>
      (await pool.query<Fortune>({ name: 'tsgi_bench_fortunes', text: 'SELECT id, message FROM tsgi_bench_fortune' }))
        .rows,
    close: () => pool.end(),
  }
}
