export { Fleet } from './fleet/fleet.ts'
