import { describeReadme } from '@tsgi/readme'

describeReadme(import.meta.url, {
  prints: /^(connection \d: visit 1 to a process of tsgi-process\/\d+\.\d+\.\d+\n){2}$/,
})
