import { application, CsrfMiddleware, SessionMiddleware } from '@tsgi/framework-views'
import { errorPage } from './error-page.ts'
import { KeepNotebook } from './notebook.ts'
import { notes } from './notes.ts'
import { SecurityHeaders } from './security-headers.ts'
import { urlpatterns } from './urls.ts'

const YEAR = 365 * 24 * 3600

export default application({
  urlpatterns,
  secretKey: process.env['SECRET_KEY'] ?? (await notes.secret()),
  middleware: [
    new SecurityHeaders(),
    new SessionMiddleware({ cookieName: 'notebook', maxAge: YEAR }),
    new CsrfMiddleware(),
    new KeepNotebook(),
  ],
  templates: { folder: new URL('templates/', import.meta.url) },
  errorViews: { 403: errorPage, 404: errorPage, 500: errorPage },
  shutdown: () => notes.close(),
})
