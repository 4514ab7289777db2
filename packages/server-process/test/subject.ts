import type { Subject } from '@tsgi/faults/subject'

export const subject: Subject = {
  name: 'process',
  server: new URL('../dist/index.js', import.meta.url).href,
  options: { spare: 2, maxProcesses: 12 },
}
