import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { askInterpreter, findInterpreter } from '../src/servlet/interpreter.ts'
import { classPathOf } from '../src/servlet/servlet.ts'
import { findTomcat } from '../src/servlet/tomcat.ts'

const cwd = mkdtempSync(join(tmpdir(), 'tsgi-servlet-test-'))
afterAll(() => rmSync(cwd, { recursive: true, force: true }))

/** Makes empty files below `cwd`. */
function touch(...files: readonly string[]): void {
  for (const file of files) {
    mkdirSync(join(cwd, file, '..'), { recursive: true })
    writeFileSync(join(cwd, file), '')
  }
}

describe('a servlet', () => {
  it('runs on the Java that is named, by its program or its folder', () => {
    touch('jdk/bin/java')
    const env = { TSGI_JAVA: 'java17', JAVA_HOME: join(cwd, 'jdk') }
    const program = join(cwd, 'jdk/bin/java')
    expect(findInterpreter('./jdk', cwd, env)).toEqual({ program, origin: '--java' })
    expect(findInterpreter(undefined, cwd, env)).toEqual({ program: 'java17', origin: 'TSGI_JAVA' })
    expect(findInterpreter(undefined, cwd, { JAVA_HOME: 'jdk' })).toEqual({ program, origin: 'JAVA_HOME' })
    expect(findInterpreter(undefined, cwd, {})).toEqual({ program: 'java', origin: 'PATH' })
  })

  it('finds its classes by CLASSPATH, where Maven leaves them, or beside it', () => {
    const paths = (...names: readonly string[]) => names.map((name) => join(cwd, name))
    expect(classPathOf(undefined, cwd, {})).toEqual([cwd])
    touch('target/classes/Shop.class', 'target/dependency/some.jar')
    expect(classPathOf(undefined, cwd, {})).toEqual(paths('target/classes', 'target/dependency/some.jar'))
    // An empty entry would be the current folder.
    expect(classPathOf(undefined, cwd, { CLASSPATH: ':lib/a.jar:' })).toEqual(paths('lib/a.jar'))
    expect(classPathOf(['target/dependency/*'], cwd, {})).toEqual(paths('target/dependency/some.jar'))
  })

  it('runs on the Tomcat of its class path, or the one that is named', () => {
    expect(findTomcat(undefined, ['/lib/tomcat-embed-core-10.1.60.jar'], cwd, {})).toEqual([])
    touch('tomcat/lib/catalina.jar', 'tomcat/bin/tomcat-juli.jar')
    const jars = [join(cwd, 'tomcat/lib/catalina.jar'), join(cwd, 'tomcat/bin/tomcat-juli.jar')]
    expect(findTomcat(undefined, [], cwd, { CATALINA_HOME: 'tomcat' })).toEqual(jars)
    expect(() => findTomcat('target', [], cwd, {})).toThrow(
      /tomcat names target, where there is no Tomcat[^]*apt-get install libtomcat10-embed-java/,
    )
  })

  it('that has no Java says what to install', () => {
    expect(() => askInterpreter({ program: join(cwd, 'absent'), origin: '--java' }, cwd)).toThrow(
      /There is no .*absent[^]*--java names it; expected a Java program/,
    )
    expect(() => askInterpreter({ program: 'no-such-java', origin: 'PATH' }, cwd)).toThrow(
      /apt-get install default-jre-headless/,
    )
  })
})
