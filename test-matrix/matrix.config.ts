/** Who takes part. Adding a server or a framework is one line here; servers of others are in hosts/columns.ts. */
import { defineMatrix } from '@tsgi/matrix'
import { HOSTS } from './hosts/columns.ts'
import { javaFrameworks } from './java/frameworks.ts'
import { pythonFrameworks } from './python/frameworks.ts'
import { rubyFrameworks } from './ruby/frameworks.ts'

export default defineMatrix({
  servers: [
    'node:http',
    '@tsgi/server-event-loop',
    { module: '@tsgi/server-cluster', options: { workers: 2 } },
    { module: '@tsgi/server-process', options: { spare: 3 }, patience: 4 },
    ...HOSTS,
  ],
  frameworks: [
    'raw',
    'mini',
    'views',
    'wsgi',
    'hono',
    'h3',
    'express',
    'koa',
    'fastify',
    ...pythonFrameworks(),
    ...rubyFrameworks(),
    ...javaFrameworks(),
  ],
})
