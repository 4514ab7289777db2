import { UsageError } from './usage-error.ts'

/** Tools of development. They are optional peers of this package, so that installing a server does not install them. */
export type OptionalPackage = '@tsgi/bench' | '@tsgi/conformance' | '@tsgi/matrix'

/**
 * What `load` imports, which needs the package.
 *
 * @throws UsageError where the package is not installed, with the command that installs it
 */
export async function optionalPackage<T>(name: OptionalPackage, command: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load()
  } catch (error) {
    if (!isMissing(name, error)) throw error
    throw new UsageError(
      [
        `tsgi ${command} needs the package ${name}, which is not installed.`,
        `Install it: npm install --save-dev ${name}`,
      ],
      error,
    )
  }
}

/** Not where one of its own dependencies is missing: then the installation is damaged, and Node's message says more. */
const isMissing = (name: string, error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  error.code === 'ERR_MODULE_NOT_FOUND' &&
  error.message.startsWith(`Cannot find package '${name}'`)
