import { describe } from 'vitest'
import { describeHost } from './hosts.ts'

describe('servers of others with an application of ours', () => describeHost('event-loop over HTTP/2'))
