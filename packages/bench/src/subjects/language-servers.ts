/** Servers of other languages, which run the very file that @tsgi/bridge runs. */
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { basename, delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { InputError } from '../input-error.ts'
import type { ProgramStart } from './subject.ts'

/** An application as its own language names it: `/srv/app.py:site`, `project.wsgi`, `/srv/config.ru`, `com.example.Shop`. */
export interface ForeignApp {
  /** Of @tsgi/bridge. */
  readonly module: string
  readonly app: string
  readonly cwd: string
}

interface LanguageServer {
  readonly module: string
  /** Arguments that make a program write its version. */
  readonly version: readonly [program: string, ...parameters: string[]]
  /** The Debian packages that bring it. */
  readonly debian: string
  /** For people, after the version: in which of its ways it runs. */
  readonly mode: string
  /** Whether it ends the connection after each answer. */
  readonly closes?: boolean
  /** One process, one request at a time; `{port}` stands for the port. */
  readonly start: (app: ForeignApp) => Omit<ProgramStart, 'kind' | 'cwd'>
}

const PYTHON = '@tsgi/bridge/python'
const LISTEN = '127.0.0.1:{port}'

/** The folder where imports are found, the module and the name in it. */
function wsgi({ app, cwd }: ForeignApp): { readonly folder: string; readonly module: string; readonly name: string } {
  const [, file, of = 'application'] = /^([^:]+\.py)(?::(.+))?$/.exec(app) ?? []
  if (file !== undefined) return { folder: dirname(file), module: basename(file, '.py'), name: of }
  const [module = '', name = 'application'] = app.split(':')
  return { folder: cwd, module, name }
}

const gunicorn = (mode: string, ...parameters: readonly string[]): LanguageServer => ({
  module: PYTHON,
  version: ['gunicorn', '--version'],
  debian: 'gunicorn',
  mode,
  start: (app) => {
    const { folder, module, name } = wsgi(app)
    const program = ['gunicorn', ...parameters, '-w', '1', '-b', LISTEN, '--pythonpath', folder, `${module}:${name}`]
    return { command: program }
  },
})

const uwsgi = (mode: string, plugins: string, ...parameters: readonly string[]): LanguageServer => ({
  module: PYTHON,
  version: ['uwsgi', '--version'],
  debian: 'uwsgi, uwsgi-plugin-python3',
  mode,
  start: (app) => {
    const { folder, module, name } = wsgi(app)
    // Without --die-on-term it takes SIGTERM for an order to reload.
    const usual = ['--need-app', '--disable-logging', '--die-on-term', '--pythonpath', folder]
    const application = ['--module', module, '--callable', name]
    return { command: ['uwsgi', '--plugins', plugins, ...parameters, ...usual, ...application] }
  },
})

const SERVERS_OF_LANGUAGES: Readonly<Record<string, LanguageServer>> = {
  'gunicorn-gthread': gunicorn('gthread', '-k', 'gthread', '--threads', '1'),
  'gunicorn-sync': { ...gunicorn('sync', '-k', 'sync'), closes: true },
  'uwsgi-http': uwsgi('--http', 'http,python3', '--http', LISTEN, '--http-keepalive'),
  'uwsgi-http-socket': { ...uwsgi('--http-socket', 'python3', '--http-socket', LISTEN), closes: true },
  waitress: {
    module: PYTHON,
    version: ['/usr/bin/python3', '-c', 'import importlib.metadata as m; print(m.version("waitress"))'],
    debian: 'python3-waitress',
    mode: '1 thread',
    start: (app) => {
      const { folder, module, name } = wsgi(app)
      const command = ['waitress-serve', `--listen=${LISTEN}`, '--threads=1', `${module}:${name}`]
      return { command, env: { PYTHONPATH: folder } }
    },
  },
  puma: {
    module: '@tsgi/bridge/rack',
    version: ['puma', '--version'],
    debian: 'puma',
    mode: '1:1',
    start: ({ app }) => ({ command: ['puma', '-q', '-e', 'production', '-t', '1:1', '-b', `tcp://${LISTEN}`, app] }),
  },
  tomcat: {
    module: '@tsgi/bridge/servlet',
    version: ['java', '-cp', '/usr/share/java/tomcat10-embed-core.jar', 'org.apache.catalina.util.ServerInfo'],
    debian: 'default-jdk-headless, libtomcat10-embed-java, libtomcat10-java',
    mode: 'its HTTP, 8 threads',
    start: ({ app, cwd }) => {
      const source = fileURLToPath(new URL('../../peers/TomcatPeer.java', import.meta.url))
      const classPath = [...tomcatJars(), process.env['CLASSPATH'] ?? cwd].join(delimiter)
      return { command: ['java', '-cp', classPath, source, '{port}', app] }
    },
  },
}

const JARS = '/usr/share/java'
const tomcatJars = (): readonly string[] =>
  readdirSync(JARS)
    .filter((name) => /^tomcat10-(embed-core|embed-el|annotations-api)\.jar$/.test(name))
    .map((name) => join(JARS, name))

export const LANGUAGE_SERVERS: readonly string[] = Object.keys(SERVERS_OF_LANGUAGES)

/** The server that an application is compared with where `own` is asked for: what its language runs most. */
export const usualServerOf = (module: string): string | undefined =>
  LANGUAGE_SERVERS.find((name) => SERVERS_OF_LANGUAGES[name]?.module === module)

/** Asked once: a program of Python takes half a second for it. */
const versions = new Map<LanguageServer['version'], string | undefined>()

function versionOf({ version }: LanguageServer): string | undefined {
  if (!versions.has(version)) {
    const [program, ...parameters] = version
    const { status, stdout } = spawnSync(program, parameters, { encoding: 'utf8' })
    versions.set(version, status === 0 ? /\d+(?:\.\d+)+/.exec(stdout)?.[0] : undefined)
  }
  return versions.get(version)
}

export interface Peer {
  /** `gunicorn-gthread 20.1.0`, with its mode. */
  readonly label: string
  readonly start: ProgramStart
  /** Whether it ends the connection after each answer. */
  readonly closes: boolean
}

/**
 * A server of another language with an application; `null` where that is of yet another language.
 *
 * @throws InputError where the server is not installed
 */
export function languagePeer(server: string, app: ForeignApp): Peer | null {
  const found = SERVERS_OF_LANGUAGES[server]
  if (found === undefined || found.module !== app.module) return null
  const version = versionOf(found)
  if (version === undefined) {
    throw new InputError(`${server} is not installed (Debian: apt-get install ${found.debian.replaceAll(',', '')})`)
  }
  const [name] = server.split('-')
  const start: ProgramStart = { kind: 'program', cwd: app.cwd, ...found.start(app) }
  return { label: `${name} ${version} (${found.mode})`, start, closes: found.closes === true }
}
