// node:http with sirv: sirv.mjs <port> <folder>
import { createServer } from 'node:http'
import sirv from 'sirv'

const [port, folder] = process.argv.slice(2)
createServer(sirv(folder)).listen(Number(port), '127.0.0.1')
