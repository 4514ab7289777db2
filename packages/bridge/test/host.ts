/** A process for the tests to kill: serves an application in Python, or in Ruby (a `.ru` file), asks it one path, and writes what the log has. */
import { serve } from '@tsgi/server-event-loop'
import { python, rack } from '../src/index.ts'

const [app = '', path = '', program = ''] = process.argv.slice(2)
process.stderr.write = ((text: string) => process.stdout.write(text)) as typeof process.stderr.write
const application = app.endsWith('.ru')
  ? rack(app, { ruby: program, handlerTimeout: 0 })
  : python(app, { python: program, handlerTimeout: 0 })
const server = await serve(application, {
  listen: [{ host: '127.0.0.1', port: 0 }],
  log: (_level, message) => void process.stdout.write(`${message}\n`),
})
const url = server.urls[0] as string
console.log(await (await fetch(new URL('/pid', url))).text())
if (path !== '') await fetch(new URL(path, url))
