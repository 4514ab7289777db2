/** Files and databases of a run. */
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileContent, FILES, FORTUNES, seededNumber, WORLDS, type FileName } from './content.ts'

/**
 * Makes the files and the SQLite database in `folder`, so that every application can load whatever is measured, and the
 * tables in PostgreSQL where a URL is given.
 */
export async function prepareData(folder: string, databaseUrl: string | undefined): Promise<void> {
  // nginx's workers are somebody else where this is run by root.
  await chmod(folder, 0o755)
  await mkdir(join(folder, 'files'), { recursive: true })
  for (const name of Object.keys(FILES) as FileName[]) await writeFile(join(folder, 'files', name), fileContent(name))
  await seedSqlite(join(folder, 'bench.sqlite'))
  if (databaseUrl !== undefined) await seedPostgres(databaseUrl)
}

async function seedSqlite(file: string): Promise<void> {
  const { DatabaseSync } = await import('node:sqlite')
  const database = new DatabaseSync(file)
  database.exec('PRAGMA journal_mode = WAL; BEGIN')
  for (const table of ['world', 'updated_world']) {
    database.exec(`CREATE TABLE ${table} (id INTEGER PRIMARY KEY, randomNumber INTEGER NOT NULL)`)
    const insert = database.prepare(`INSERT INTO ${table} VALUES (?, ?)`)
    for (let id = 1; id <= WORLDS; id++) insert.run(id, seededNumber(id))
  }
  database.exec('CREATE TABLE fortune (id INTEGER PRIMARY KEY, message TEXT NOT NULL)')
  const insert = database.prepare('INSERT INTO fortune VALUES (?, ?)')
  for (const { id, message } of FORTUNES) insert.run(id, message)
  database.exec('COMMIT')
  database.close()
}

/** Tables of our own prefix, made anew; nothing else in the database is touched. */
async function seedPostgres(connectionString: string): Promise<void> {
  const { default: pg } = await import('pg')
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    const ids = Array.from({ length: WORLDS }, (_, at) => at + 1)
    for (const table of ['tsgi_bench_world', 'tsgi_bench_updated_world']) {
      await client.query(`DROP TABLE IF EXISTS ${table}`)
      await client.query(`CREATE TABLE ${table} (id int PRIMARY KEY, "randomNumber" int NOT NULL)`)
      await client.query(`INSERT INTO ${table} SELECT * FROM unnest($1::int[], $2::int[])`, [
        ids,
        ids.map((id) => seededNumber(id)),
      ])
    }
    await client.query('DROP TABLE IF EXISTS tsgi_bench_fortune')
    await client.query('CREATE TABLE tsgi_bench_fortune (id int PRIMARY KEY, message text NOT NULL)')
    await client.query('INSERT INTO tsgi_bench_fortune SELECT * FROM unnest($1::int[], $2::text[])', [
      FORTUNES.map(({ id }) => id),
      FORTUNES.map(({ message }) => message),
    ])
  } finally {
    await client.end()
  }
}
