/**
 * The property by which a function or an object says what it is (SPEC K.2). Registered, so that a framework can carry it
 * without importing anything from here.
 *
 * @example
 * Object.assign(application, { [Symbol.for('tsgi.kind')]: 'wsgi' satisfies ApplicationKind })
 */
export const APPLICATION_KIND: unique symbol = Symbol.for('tsgi.kind')

/** What a loader can make an application of. */
export type ApplicationKind = 'tsgi' | 'fetch' | 'node' | 'wsgi'
