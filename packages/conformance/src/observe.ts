/** What an application under test needs of the kit, and no more: it is loaded by each process of a server. */
export { FINDINGS, type ValidatorFinding } from './findings.ts'
export { type Observation, observations, observer } from './observations.ts'
