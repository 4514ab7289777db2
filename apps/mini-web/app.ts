/**
 * The textbook site. `tsgi serve app.ts --static html` serves the files of html/ and leaves all else to this application.
 */
import { join } from 'node:path'
import { mini, redirect } from '@tsgi/framework-mini'
import { chat } from './src/chat.ts'
import { download, downloadPage } from './src/download.ts'
import { environPage } from './src/environ.ts'
import { errorPage } from './src/error-page.ts'
import { greeting, greetingForm } from './src/greeting.ts'
import { gridPage } from './src/grid.ts'
import { guestbook } from './src/guestbook.ts'
import { lab } from './src/lab.ts'
import { motionPage } from './src/motion.ts'
import { servedBy } from './src/served-by.ts'
import { ticks, timePage } from './src/time.ts'

const app = mini()

// Browsers ask for it beside what is no page of ours, such as plain text.
app.get('/favicon.ico', () => redirect('/icon.svg', 301))
app.get('/time', timePage)
app.get('/time/ticks', ticks)
app.get('/environ', environPage)
app.get('/hello', greetingForm)
app.get('/hello/:name', greeting)
app.get('/motion', motionPage)
app.get('/download', downloadPage)
app.get('/download/fifty-megabytes.txt', download)
app.get('/grid', gridPage)
app.get('/served-by', ({ environ }) => servedBy(environ))

if (process.env['NODE_ENV'] === 'development') lab(app)

const database = process.env['GUESTBOOK_DB'] || join(import.meta.dirname, 'data/guestbook.sqlite')
const book = guestbook(database)
app.onStartup(book.open)
app.onShutdown(book.close)
app.get('/guestbook', book.read)
app.post('/guestbook', book.sign)

const talk = chat(database)
app.onStartup(talk.open)
app.onShutdown(talk.close)
app.get('/chat', talk.page)
app.webSocket('/chat/socket', talk.join, { maxPayload: 16 * 1024, maxBacklog: 1024 * 1024 })

app.onError(errorPage)

export default app
