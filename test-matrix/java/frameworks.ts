/** The row of servlets, where a JDK and Tomcat are installed. */
import { fileURLToPath } from 'node:url'
import type { FrameworkEntry } from '@tsgi/matrix'
import { tomcatVersion } from './exercises.ts'

export const JAVA_ROW = 'Servlet (Tomcat)'

/** What brings it. */
export const JAVA_PACKAGES = 'default-jdk-headless, libtomcat10-embed-java, libtomcat10-java'

const NO_ENCODED_SLASH = 'Tomcat answers 400 to %2F in a path, as it does on a port of its own'

export function javaFrameworks(): FrameworkEntry[] {
  const version = tomcatVersion()
  const application = fileURLToPath(new URL('exercises.ts', import.meta.url))
  return version === undefined
    ? []
    : [{ name: JAVA_ROW, application, version, cannot: { 'encoded-slash': NO_ENCODED_SLASH } }]
}
