import type { Subject } from '@tsgi/faults/subject'

export const subject: Subject = {
  name: 'cluster',
  server: new URL('../dist/index.js', import.meta.url).href,
  options: { workers: 2 },
}
