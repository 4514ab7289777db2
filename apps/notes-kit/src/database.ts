export type Value = string | number | null
export type Row = Readonly<Record<string, unknown>>

/** As much of a database as the notes need, so that one set of statements runs on both. */
export interface Database {
  /** The clause that makes a column number its rows. */
  readonly identity: string
  /** Runs one statement with `$1`, `$2`, … for values, and gives its rows. */
  query(sql: string, values?: readonly Value[]): Promise<readonly Row[]>
  /** Runs statements that only one process at a time may run, such as those that make tables. */
  exclusively(sql: string): Promise<void>
  close(): Promise<void>
}
