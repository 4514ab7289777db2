import { describe, expect, it } from 'vitest'
import { JAVA_ROW, javaFrameworks } from '../java/frameworks.ts'
import { languageOf } from './cells.ts'

describe('servlets', () => {
  it('take part where a JDK and Tomcat are there, as a row of another language', () => {
    expect(javaFrameworks().map(({ name }) => name)).toEqual(javaFrameworks().length === 0 ? [] : [JAVA_ROW])
    expect(languageOf(JAVA_ROW)).toBe('java')
  })
})
