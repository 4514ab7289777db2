import { describeReadme } from '@tsgi/readme'

describeReadme(import.meta.url, { prints: "200 [ 'content-type', 'text/plain' ] 20\nYou asked for /hello\n" })
