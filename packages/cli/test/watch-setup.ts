import { fileURLToPath } from 'node:url'

export const NODE_MODULES = fileURLToPath(new URL('../node_modules', import.meta.url))

export const APP = `
import { word } from './word.ts'
export default (environ, startResponse) => { startResponse(200, []); return word + ' ' + process.pid }
`
export const word = (text: string) => ({ 'word.ts': `export const word = '${text}'\n` })
