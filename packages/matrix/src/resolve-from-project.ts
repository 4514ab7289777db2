/** The applications that come along import the frameworks that the project has, in its versions. */
import * as nodeModule from 'node:module'

const APPLICATIONS = new URL('applications/', import.meta.url).href

/**
 * Does nothing where the runtime has no such hooks (Bun), or does not look up what they pass on (Deno 2.9): there the
 * applications import what this package sees.
 *
 * @param project folder, as a URL
 */
export function resolveFromProject(project: string): void {
  if (!('registerHooks' in nodeModule) || 'Deno' in globalThis) return
  nodeModule.registerHooks({
    resolve(specifier, context, next) {
      const { parentURL } = context
      const isPackage = !/^(\.|\/|[a-z]+:)/.test(specifier)
      if (!isPackage || parentURL?.startsWith(APPLICATIONS) !== true) return next(specifier, context)
      try {
        return next(specifier, { ...context, parentURL: project })
      } catch {
        // What the kit brings itself, such as the adapters. The context keeps what it was given last.
        return next(specifier, { ...context, parentURL })
      }
    },
  })
}
