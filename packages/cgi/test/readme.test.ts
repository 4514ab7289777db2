import { describeReadme } from '@tsgi/readme'

describeReadme(import.meta.url, { prints: 'GET /hello to=you for 192.0.2.1\n' })
