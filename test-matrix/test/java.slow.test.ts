import { describe, it } from 'vitest'
import { JAVA_PACKAGES, JAVA_ROW, javaFrameworks } from '../java/frameworks.ts'
import { describeServerCells } from './cells.ts'

describe('servlets', async () => {
  if (javaFrameworks().length === 0) {
    it.skip(`${JAVA_ROW} (Debian packages ${JAVA_PACKAGES}: one is missing)`)
    return
  }
  for (const server of ['event-loop', 'cluster']) await describeServerCells(server, { language: 'java' })
})
