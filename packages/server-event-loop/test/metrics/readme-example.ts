import { metricsApplication } from '@tsgi/metrics'
import { serve } from '@tsgi/server-event-loop'

const anywhere = [{ host: '127.0.0.1', port: 0 }]
const site = await serve(
  (_environ, startResponse) => {
    startResponse(200, ['content-type', 'text/plain'])
    return 'hello\n'
  },
  { listen: anywhere, metrics: true },
)
const metrics = await serve(
  metricsApplication(async () => (await site.metrics?.()) ?? []),
  { listen: anywhere },
)

await (await fetch(site.urls[0] as string)).text()
const text = await (await fetch(`${metrics.urls[0]}metrics`)).text()
console.log(text.split('\n').find((line) => line.startsWith('http_server_request_duration_seconds_count')))

await site.close()
await metrics.close()
