import type { Environ } from '@tsgi/spec'

/** The protocols that a client asks for: the value of its `upgrade` fields. */
export const askedFor = ({ headers }: Environ): string =>
  headers.flatMap((text, i) => (i % 2 === 0 && text === 'upgrade' ? [headers[i + 1] as string] : [])).join(', ')
