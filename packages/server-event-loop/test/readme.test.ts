import { describeReadme } from '@tsgi/readme'

describeReadme(import.meta.url, { prints: /^Hello from tsgi-event-loop\/\d+\.\d+\.\d+\n$/ })
