import { describeReadme } from '@tsgi/readme'

describeReadme(import.meta.url, { prints: /^worker [01]\n$/ })
