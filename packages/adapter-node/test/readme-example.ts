import http from 'node:http'
import { fromNodeListener } from '@tsgi/adapter-node/from-node'
import { toNodeListener } from '@tsgi/adapter-node/to-node'
import { serve } from '@tsgi/server-event-loop'
import express from 'express'

const app = express()
app.get('/hello/:name', (request, response) => {
  response.json({ hello: request.params.name })
})

// An Express application is a TSGI application, on any TSGI server …
export const application = fromNodeListener(app)
export const tsgiServer = await serve(application, { listen: [{ host: '127.0.0.1', port: 0 }] })

// … and any TSGI application runs inside a Node server, below a prefix of another application as well.
const outer = express().use('/inner', toNodeListener(application))
export const nodeServer = http.createServer(outer).listen(0, '127.0.0.1')
