import { describeReadme } from '@tsgi/readme'

describeReadme(import.meta.url, {
  prints: '/hello to=you\nHTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 5\r\n\r\nhello\n',
})
