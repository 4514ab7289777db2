/** Where Tomcat is: it belongs to the user, as a framework does. */
import { existsSync, readdirSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { BridgeError } from '../bridge-error.ts'

/** Debian's (libtomcat10-embed-java, libtomcat10-java): what a servlet and a page of JSP want. */
const DEBIAN_FOLDER = '/usr/share/java'
const DEBIAN_JARS = [
  'tomcat10-embed-core.jar',
  'tomcat10-annotations-api.jar',
  'tomcat10-embed-el.jar',
  'tomcat10-embed-jasper.jar',
  'eclipse-jdt-core.jar',
]

/**
 * The jars of Tomcat, to add to a class path; none where that has them already.
 *
 * @param named a folder with Tomcat's jars, or with `lib/catalina.jar` in it; relative to `cwd`
 * @throws BridgeError `TSGI_ERR_BRIDGE_INTERPRETER` where there is none
 */
export function findTomcat(
  named: string | undefined,
  classPath: readonly string[],
  cwd: string,
  env: { readonly [name: string]: string | undefined } = process.env,
): readonly string[] {
  if (classPath.some(isTomcat)) return []
  const said = [
    [named, 'tomcat'],
    [env['TSGI_TOMCAT'], 'TSGI_TOMCAT'],
    [env['CATALINA_HOME'], 'CATALINA_HOME'],
  ] as const
  for (const [name, origin] of said) {
    if (name === undefined || name === '') continue
    const jars = jarsOf(resolve(cwd, name))
    if (jars.some(isTomcat)) return jars
    throw noTomcat(`${origin} names ${name}, where there is no Tomcat: expected catalina.jar in its folder lib.`)
  }
  const debian = DEBIAN_JARS.map((jar) => join(DEBIAN_FOLDER, jar)).filter((jar) => existsSync(jar))
  if (debian.some(isTomcat)) return debian
  throw noTomcat('There is no Tomcat, which is to run the application.')
}

const isTomcat = (path: string): boolean => /^(tomcat(10)?-embed-core|catalina)\b.*\.jar$/.test(basename(path))

function jarsOf(folder: string): readonly string[] {
  const inside = (name: string) => {
    const path = join(folder, name)
    return existsSync(path) ? readdirSync(path).map((file) => join(path, file)) : []
  }
  return [...inside('.'), ...inside('lib'), ...inside('bin')].filter((file) => file.endsWith('.jar'))
}

const noTomcat = (what: string) =>
  new BridgeError(
    'TSGI_ERR_BRIDGE_INTERPRETER',
    `${what}\nInstall Tomcat 10.1 (Debian: apt-get install libtomcat10-embed-java libtomcat10-java), or name the folder of one: TSGI_TOMCAT or CATALINA_HOME.`,
  )
