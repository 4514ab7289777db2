import { context, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { traced } from '@tsgi/opentelemetry'
import { serve } from '@tsgi/server-event-loop'

const exporter = new InMemorySpanExporter()
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }))

const application = traced((_environ, startResponse) => {
  trace.getActiveSpan()?.setAttribute('shop.items', 3)
  startResponse(200, ['content-type', 'text/plain'])
  return 'hello\n'
})

const server = await serve(application, { listen: [{ host: '127.0.0.1', port: 0 }] })
await (await fetch(`${server.urls[0]}cart`)).text()
await server.close()
for (const { name, attributes } of exporter.getFinishedSpans()) {
  console.log(name, attributes['url.path'], attributes['http.response.status_code'], attributes['shop.items'])
}
