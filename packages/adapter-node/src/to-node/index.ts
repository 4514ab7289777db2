export type { ToNodeOptions } from './settings.ts'
export { toNodeListener, type ApplicationListener } from './to-node-listener.ts'
