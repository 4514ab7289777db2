import type { Context, MiddlewareHandler } from 'hono'
import { deleteCookie, getCookie, getSignedCookie, setCookie, setSignedCookie } from 'hono/cookie'
import { notes } from './notes.ts'

export interface NotebookEnv {
  Variables: {
    /** Whose notes these are: a name that only this browser knows. Absent until the first note is written. */
    notebook: string | undefined
  }
}

const YEAR = 365 * 24 * 3600
const secret = process.env['SECRET_KEY'] ?? (await notes.secret())

export const notebook: MiddlewareHandler<NotebookEnv> = async (c, next) => {
  c.set('notebook', (await getSignedCookie(c, secret, 'notebook')) || undefined)
  await next()
}

/** The visitor's notebook, begun with the first note: who only looks gets no cookie. */
export async function openNotebook(c: Context<NotebookEnv>): Promise<string> {
  const name = c.get('notebook') ?? crypto.randomUUID()
  await setSignedCookie(c, 'notebook', name, secret, { ...protection(c), maxAge: YEAR })
  return name
}

/** Something to say once, on the next page. */
export const leaveNotice = (c: Context, text: string): void =>
  setCookie(c, 'notice', text, { ...protection(c), maxAge: 60 })

export function takeNotice(c: Context): string | undefined {
  const notice = getCookie(c, 'notice')
  if (notice !== undefined) deleteCookie(c, 'notice')
  return notice
}

const protection = (c: Context) =>
  ({ path: '/', httpOnly: true, sameSite: 'Lax', secure: c.req.url.startsWith('https:') }) as const
