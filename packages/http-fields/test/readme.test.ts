import { describeReadme } from '@tsgi/readme'

const LINES = ['203.0.113.7 https', 'not modified', 'gzip', '[ { first: 0, last: 4 }, { first: 8, last: 9 } ]', 'null']

describeReadme(import.meta.url, { prints: `${LINES.join('\n')}\n` })
