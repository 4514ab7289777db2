/** More of it. By hand: `TRAFFIC_ROUNDS=1000 TRAFFIC_SEED=1 vitest run random-traffic.slow`. */
import { describe } from 'vitest'
import { trafficTests } from './traffic/tests.ts'

describe('random traffic', () => trafficTests(Number(process.env['TRAFFIC_ROUNDS'] ?? 6)))
