import { describe } from 'vitest'
import { describeInBrowser } from './in-a-browser.ts'

describe('a visitor', () => describeInBrowser(['event-loop']))
