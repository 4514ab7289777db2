import { describeReadme } from '@tsgi/readme'

describeReadme(import.meta.url, { prints: /^http:\/\/127\.0\.0\.1:\d+\/\n$/ })
