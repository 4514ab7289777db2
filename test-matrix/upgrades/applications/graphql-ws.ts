import http from 'node:http'
import { buildSchema } from 'graphql'
import { useServer } from 'graphql-ws/use/ws'
import { WebSocketServer } from 'ws'

const schema = buildSchema('type Query { a: Int } type Subscription { count: Int }')
async function* count(): AsyncGenerator<{ count: number }> {
  for (let i = 1; i <= 3; i++) yield { count: i }
}

const server = http.createServer((_request, response) => response.end('page'))
useServer({ schema, roots: { subscription: { count } } }, new WebSocketServer({ server, path: '/graphql' }))
server.listen(3000)
