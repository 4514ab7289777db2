import { describeReadme } from '@tsgi/readme'

describeReadme(import.meta.url, {
  prints: /^Hello from tsgi-cluster\/\d+\.\d+\.\d+, worker [01]\ngeneration 2, 2 workers\n$/,
})
