import { defineConfig } from 'tsgi'

export default defineConfig({ app: 'src/app.ts', static: 'public' })
