import { describeReadme } from '@tsgi/readme'

describeReadme(import.meta.url, { prints: 'You asked for /hello\n' })
