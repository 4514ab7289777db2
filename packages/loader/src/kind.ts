/** The four things that can be run: by which convention an application is called. */
export type Kind = 'tsgi' | 'fetch' | 'node' | 'wsgi'

export const KINDS: readonly Kind[] = ['tsgi', 'fetch', 'node', 'wsgi']

/** A function says what it is by this property: `app[Symbol.for('tsgi.kind')] = 'wsgi'`. */
export const KIND: unique symbol = Symbol.for('tsgi.kind') as typeof KIND

export const isKind = (value: unknown): value is Kind => KINDS.includes(value as Kind)
