import { describeServer } from '@tsgi/conformance/node-test'
import serverModule from '../src/index.ts'

// What is skipped cannot be judged before the first failure holds. A server that lacks a capability says so:
// { capabilities: ['half-close', 'draining', 'http-1.0'] }
describeServer(serverModule, { argument: './src/index.ts' })
