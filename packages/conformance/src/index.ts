export { EVERY_SERVER, type OurServer } from './every-server.ts'
export { type Behaviour, type BehaviourApp, CAPABILITIES, type Capability, LEVELS, type Level } from './behaviour.ts'
export { Case, type RequestParts } from './case.ts'
export { type Clause, describeClause } from './clause.ts'
export { ConformError } from './conform-error.ts'
export { conform, type Conformance, type ConformOptions, selectBehaviours } from './conform.ts'
export { EXERCISE_ROUTES, exercisePath, EXERCISES } from './exercises.ts'
export type { ValidatorFinding } from './findings.ts'
export { hostedServer, type Runtime, UnusableModuleError } from './hosting/hosted-server.ts'
export { conformanceJson, type ConformanceJson, type OutcomeJson } from './json.ts'
export { type Force, forceOf, FORCES } from './force.ts'
export { junit } from './junit.ts'
export { among, holds, Mismatch, same, withForce } from './mismatch.ts'
export { type Observation, observations, type Observe, observer } from './observations.ts'
export { type Failure, forceOfOutcome, type Outcome, type Verdict } from './outcome.ts'
export { describeOutcomes, summary } from './report.ts'
export type { WireResponse } from './response-reader.ts'
export { SERVER_BEHAVIOURS } from './server-behaviours.ts'
export { type PathOf, Session } from './session.ts'
export type { Started } from './started.ts'
export {
  addressSubject,
  type FrameworkOptions,
  frameworkSubject,
  type JudgedSubject,
  serverSubject,
  type Subject,
  type SubjectOptions,
} from './subject.ts'
export { type Target, Wire } from './wire.ts'
export { HTTP2_CANNOT } from './http2-cannot.ts'
