/** http-proxy-middleware with `ws: true`, which finds its server at the first request. */
import express from 'express'
import { createProxyMiddleware } from 'http-proxy-middleware'

const app = express()
const proxy = createProxyMiddleware({ target: process.env['UPSTREAM'] as string, ws: true })
app.use(proxy)
const server = app.listen(3000)
server.on('upgrade', proxy.upgrade as never)
