export { startPostgres, type TestDatabase } from './postgres.ts'
