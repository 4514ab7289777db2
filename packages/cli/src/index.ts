export { defineConfig, type Config } from './settings/config.ts'
