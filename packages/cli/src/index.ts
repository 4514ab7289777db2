export { defineConfig, type Config } from './config.ts'
