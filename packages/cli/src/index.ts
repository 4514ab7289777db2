export { defineConfig, type Config, type ConfigContext, type ConfigExport } from './settings/config.ts'
