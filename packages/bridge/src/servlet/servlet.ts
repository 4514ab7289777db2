import { existsSync, readdirSync } from 'node:fs'
import { basename, delimiter, dirname, join, resolve } from 'node:path'
import type { Application } from '@tsgi/spec'
import { bridge } from '../bridge.ts'
import type { Language } from '../language.ts'
import type { BridgeOptions } from '../options.ts'
import { askInterpreter, findInterpreter } from './interpreter.ts'
import { findTomcat } from './tomcat.ts'
import { workerClasses } from './worker-classes.ts'

export interface ServletOptions extends BridgeOptions {
  /** The program, or the folder of its JRE or JDK. Default: `TSGI_JAVA`, `JAVA_HOME`, `java` on the path. */
  readonly java?: string | undefined
  /**
   * Folders and jars where the class of the application is found, and what it needs; relative to `cwd`. Default: those of
   * `CLASSPATH`, else where Maven and Gradle leave them, else `cwd`.
   */
  readonly classPath?: readonly string[] | undefined
  /** A folder with Tomcat's jars. Default: `TSGI_TOMCAT`, `CATALINA_HOME`, Debian's. */
  readonly tomcat?: string | undefined
}

/** Requests that one process answers at a time, where nothing else is said: a JVM is made for threads. */
export const DEFAULT_THREADS = 8

/**
 * A servlet application as a TSGI application.
 *
 * @param app a `.war`, a folder that has `WEB-INF` in it, or the name of a class: a `Servlet`, or a
 * `ServletContainerInitializer` that registers servlets and filters
 * @throws BridgeError where an option makes no sense, or where Java or Tomcat is missing
 * @example export default servlet('shop.war')
 */
export function servlet(app: string, options: ServletOptions = {}): Application {
  const cwd = options.cwd ?? process.cwd()
  const env = { ...process.env, ...options.env }
  const classPath = classPathOf(options.classPath, cwd, env)
  const { program } = findInterpreter(options.java, cwd, env)
  const tomcat = findTomcat(options.tomcat, classPath, cwd, env)
  return bridge(servletLanguage(program, classPath, tomcat, cwd), app, { threads: DEFAULT_THREADS, ...options })
}

/** What Tomcat's own start script opens to it, and what the lanes want. */
const OPENS = ['base/java.lang', 'base/java.io', 'base/java.util', 'base/java.util.concurrent', 'rmi/sun.rmi.transport']

/**
 * @param classPath of the application
 * @param tomcat jars that are added to it
 */
export function servletLanguage(
  program: string,
  classPath: readonly string[],
  tomcat: readonly string[],
  cwd: string,
): Language {
  const java = program.includes('/') ? program : askInterpreter({ program, origin: 'PATH' }, cwd).path
  const classes = workerClasses(java, tomcat)
  return {
    name: 'Java',
    command: {
      file: java,
      args: [
        ...OPENS.flatMap((name) => ['--add-opens', `java.${name}=ALL-UNNAMED`]),
        '-cp',
        [classes, ...classPath, ...tomcat].join(delimiter),
        `-Dtsgi.classPath=${classPath.join(delimiter)}`,
        'tsgi.worker.Main',
      ],
    },
    stackSignal: 'SIGUSR1',
    errorLine: 'first',
  }
}

/** Where Maven and Gradle leave classes, and what they need. */
const USUAL = ['target/classes', 'target/dependency/*', 'build/classes/java/main', 'build/resources/main']

/** As absolute paths, none of them empty: an empty one is the current folder for Java. `lib/*` is all jars of a folder. */
export function classPathOf(
  named: readonly string[] | undefined,
  cwd: string,
  env: { readonly [name: string]: string | undefined } = process.env,
): readonly string[] {
  const said = (named ?? env['CLASSPATH']?.split(delimiter) ?? []).filter((entry) => entry !== '')
  if (said.length > 0) return said.flatMap((entry) => expanded(resolve(cwd, entry)))
  const usual = USUAL.flatMap((entry) => expanded(resolve(cwd, entry))).filter((entry) => existsSync(entry))
  return usual.length > 0 ? usual : [resolve(cwd)]
}

function expanded(entry: string): readonly string[] {
  if (basename(entry) !== '*') return [entry]
  const folder = dirname(entry)
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((file) => file.endsWith('.jar'))
    .map((file) => join(folder, file))
}
