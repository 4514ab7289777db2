import { describe } from 'vitest'
import { javaFrameworks } from '../java/frameworks.ts'
import { describeServerCells } from './cells.ts'

// Each connection is a process of Node's and one of Java's.
describe.skipIf(javaFrameworks().length === 0)('servlets', () => describeServerCells('process', { language: 'java' }))
