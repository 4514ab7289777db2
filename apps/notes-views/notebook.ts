import { randomUUID } from 'node:crypto'
import type { HttpRequest, Middleware } from '@tsgi/framework-views'

declare module '@tsgi/framework-views' {
  interface SessionData {
    /** Whose notes these are: a name that only this browser knows. */
    notebook?: string
    /** The month of the last visit. */
    seen?: string
    /** Said once, on the next page. */
    notice?: string
  }
}

/** The visitor's notebook, begun with the first note: who only looks gets no cookie. */
export const openNotebook = ({ session }: HttpRequest): string => (session.notebook ??= randomUUID())

export function takeNotice({ session }: HttpRequest): string | undefined {
  const { notice } = session
  delete session.notice
  return notice
}

/** A session ends so long after its last change; visiting once in a while is to be enough to keep a notebook. */
export class KeepNotebook implements Middleware {
  processRequest({ session }: HttpRequest): undefined {
    if (session.notebook !== undefined) session.seen = new Date().toISOString().slice(0, 7)
  }
}
