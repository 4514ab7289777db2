/** Name of the variable by which processes of a run are told where its files are. */
export const FOLDER_VARIABLE = 'TSGI_BENCH_FOLDER'

export function benchFolder(): string {
  const folder = process.env[FOLDER_VARIABLE]
  if (folder === undefined)
    throw new Error(`expected ${FOLDER_VARIABLE}, the folder that a run prepares; it is not set`)
  return folder
}
