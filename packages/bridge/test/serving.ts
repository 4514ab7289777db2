/** What the tests of this package have in common: an application behind a server on a free port. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Application } from '@tsgi/spec'
import type { LogLevel } from '@tsgi/spec/server'
import { serve as serveHere } from '@tsgi/server-event-loop'
import { onTestFinished } from 'vitest'
import { python, rack, type PythonOptions, type RackOptions } from '../src/index.ts'
import { askInterpreter, findInterpreter } from '../src/servlet/interpreter.ts'
import { findTomcat } from '../src/servlet/tomcat.ts'

export const FIXTURES: string = fileURLToPath(new URL('fixtures/', import.meta.url))

/** A Python to test with, and whether it has a module; `undefined` where there is none. */
export function pythonWith(module = 'sys'): string | undefined {
  const ask = `import sys, ${module}; sys.exit(sys.version_info < (3, 9)) or print(sys.executable)`
  for (const program of [process.env['TSGI_PYTHON'], '/usr/bin/python3', 'python3']) {
    if (program !== undefined && spawnSync(program, ['-c', ask]).status === 0) return program
  }
  return undefined
}

export const PYTHON: string | undefined = pythonWith()

/** A Ruby with Rack to test with; `undefined` where there is none. */
export const RUBY: string | undefined = [process.env['TSGI_RUBY'], '/usr/bin/ruby', 'ruby'].find(
  (program) =>
    program !== undefined && spawnSync(program, ['-e', 'require "rack"; exit RUBY_VERSION >= "3.1"']).status === 0,
)

/** A Java with its compiler and with Tomcat, to test with; `undefined` where one of them is missing. */
export const JAVA: string | undefined = findJava()

function findJava(): string | undefined {
  try {
    findTomcat(undefined, [], process.cwd())
    const { path } = askInterpreter(findInterpreter(undefined, process.cwd()), process.cwd())
    return existsSync(join(dirname(path), 'javac')) ? path : undefined
  } catch {
    return undefined
  }
}

/** Compiles the exercises in Java once for a file of tests, and returns the folder of their classes. */
export function compileServletExercises(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tsgi-exercises-'))
  const sources = join(FIXTURES, 'servlet', 'exercises')
  const files = readdirSync(sources).map((file) => join(sources, file))
  const tomcat = findTomcat(undefined, [], folder)
  const javac = join(dirname(JAVA ?? ''), 'javac')
  const { status, stderr } = spawnSync(javac, [
    '-encoding',
    'UTF-8',
    '-proc:none',
    '-d',
    folder,
    '-cp',
    tomcat.join(delimiter),
    ...files,
  ])
  if (status !== 0) throw new Error(String(stderr))
  return folder
}

export interface Served {
  readonly url: string
  /** What the log has, levels and stacks included. */
  readonly log: string[]
  get(path: string, init?: RequestInit): Promise<Response>
  text(path: string, init?: RequestInit): Promise<string>
  close(): Promise<void>
}

/** Serves an application until the test has finished, or until `close()` where that is to be later. */
export async function serve(application: Application, until: 'test' | 'closed' = 'test'): Promise<Served> {
  const log: string[] = []
  const server = await serveHere(application, {
    listen: [{ host: '127.0.0.1', port: 0 }],
    log: (level: LogLevel, message, fields) => {
      const { error } = fields ?? {}
      log.push(`${level}: ${message}${error instanceof Error ? `\n${error.stack}` : ''}`)
    },
  })
  let closed: Promise<unknown> | undefined
  const close = async () => void (await (closed ??= server.close()))
  if (until === 'test') onTestFinished(close)
  const url = server.urls[0] as string
  const get = (path: string, init?: RequestInit) => fetch(new URL(path, url), init)
  return { url, log, get, text: async (path, init) => (await get(path, init)).text(), close }
}

/** Serves the exercises of this package's fixtures. */
export const serveExercises = (options: PythonOptions = {}, until: 'test' | 'closed' = 'test'): Promise<Served> =>
  serve(python('exercises:application', { cwd: FIXTURES, python: PYTHON, ...options }), until)

/** Serves the exercises in Ruby. */
export const serveRackExercises = (options: RackOptions = {}, until: 'test' | 'closed' = 'test'): Promise<Served> =>
  serve(rack('rack/config.ru', { cwd: FIXTURES, ruby: RUBY, ...options }), until)
