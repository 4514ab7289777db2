import { testPlaces } from 'notes-kit/testing'
import { describe } from 'vitest'
import { describeSite } from './site-checks.ts'

const places = await testPlaces()

describe('the Hono notes site', () => describeSite(places, { walked: true }))
