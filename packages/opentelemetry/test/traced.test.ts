/** Spans of the real SDK, of requests over real sockets. */
import { createRequire } from 'node:module'
import http from 'node:http'
import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { registerInstrumentations } from '@opentelemetry/instrumentation'
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http'
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base'
import { fromFetch } from '@tsgi/adapter-fetch/from-fetch'
import { fromNodeListener } from '@tsgi/adapter-node/from-node'
import { toNodeListener } from '@tsgi/adapter-node/to-node'
import { serve } from '@tsgi/server-event-loop'
import { type Application, header } from '@tsgi/spec'
import { Hono } from 'hono'
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { traced } from '../src/index.ts'

const exporter = new InMemorySpanExporter()
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const PARENT = '00f067aa0ba902b7'
const FROM_CLIENT = { traceparent: `00-${TRACE}-${PARENT}-01` }

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  propagation.setGlobalPropagator(new W3CTraceContextPropagator())
  trace.setGlobalTracerProvider(provider)
})
afterEach(() => exporter.reset())
afterAll(async () => {
  await provider.shutdown()
  trace.disable()
  context.disable()
  propagation.disable()
})

async function open(application: Application): Promise<string> {
  const server = await serve(application, { listen: [{ host: '127.0.0.1', port: 0 }], log: () => {} })
  onTestFinished(async () => void (await server.close({ graceful: 0 })))
  return server.urls[0] as string
}

/** The server spans, as soon as the last one is there. */
async function serverSpans(): Promise<readonly ReadableSpan[]> {
  const found = () => exporter.getFinishedSpans().filter(({ kind }) => kind === SpanKind.SERVER)
  await vi.waitUntil(() => found().length > 0)
  // One more turn, in which a second one would come.
  await new Promise((resolve) => setTimeout(resolve, 20))
  return found()
}

const child = (name: string): void => trace.getTracer('app').startSpan(name).end()

const tsgi: Application = (_environ, startResponse) => {
  child('work')
  startResponse(201, [])
  return 'hello'
}
const hono = new Hono().get('/a', (c) => (child('work'), c.text('hello', 201)))
const node = (_request: http.IncomingMessage, response: http.ServerResponse): void => {
  child('work')
  response.writeHead(201).end('hello')
}

describe('a request has one server span', () => {
  it.each<readonly [string, () => Application]>([
    ['a TSGI application', () => tsgi],
    ['a fetch application', () => fromFetch(hono.fetch)],
    ['a Node application', () => fromNodeListener(node)],
  ])('with the client’s context as its parent, and those of %s below it', async (_what, make) => {
    const url = await open(traced(make()))
    const response = await fetch(`${url}a?b=c`, { headers: { ...FROM_CLIENT, 'user-agent': 'test' } })
    await response.text()
    const [span, ...more] = await serverSpans()
    expect(more).toEqual([])
    expect(span?.name).toBe('GET')
    expect(span?.spanContext().traceId).toBe(TRACE)
    expect(span?.parentSpanContext?.spanId).toBe(PARENT)
    expect(span?.attributes).toEqual({
      'http.request.method': 'GET',
      'http.response.status_code': 201,
      'url.path': '/a',
      'url.query': 'b=c',
      'url.scheme': 'http',
      'server.address': '127.0.0.1',
      'server.port': Number(new URL(url).port),
      'client.address': '127.0.0.1',
      'network.peer.address': '127.0.0.1',
      'network.peer.port': expect.any(Number),
      'network.protocol.version': '1.1',
      'user_agent.original': 'test',
    })
    const work = exporter.getFinishedSpans().find(({ name }) => name === 'work')
    expect(work?.parentSpanContext?.spanId).toBe(span?.spanContext().spanId)
  })

  it('that ends with its response, whose pieces are made in its context', async () => {
    const url = await open(
      traced((_environ, startResponse) => {
        startResponse(200, [])
        return (async function* () {
          yield 'a'
          await Promise.resolve()
          child('piece')
          yield 'b'
        })()
      }),
    )
    expect(await (await fetch(url)).text()).toBe('ab')
    const [span] = await serverSpans()
    const piece = exporter.getFinishedSpans().find(({ name }) => name === 'piece')
    expect(piece?.parentSpanContext?.spanId).toBe(span?.spanContext().spanId)
  })

  it.each<readonly [string, Application, object]>([
    [
      'that throws',
      () => {
        throw new TypeError('broken')
      },
      { status: 500, error: 'TypeError' },
    ],
    [
      'that rejects',
      async () => {
        throw new RangeError('broken')
      },
      { status: 500, error: 'RangeError' },
    ],
    ['that answers with an error', (_environ, start) => (start(503, []), null), { status: 503, error: '503' }],
  ])(
    'with the error of an application %s',
    async (_what, application, { status, error }: { status?: number; error?: string }) => {
      const url = await open(traced(application))
      expect((await fetch(url)).status).toBe(status)
      const [span] = await serverSpans()
      expect(span?.status.code).toBe(SpanStatusCode.ERROR)
      expect(span?.attributes).toMatchObject({ 'http.response.status_code': status, 'error.type': error })
    },
  )

  it('with a name of few values', async () => {
    const url = await open(traced(tsgi))
    await new Promise((resolve) =>
      http.request(url, { method: 'PURGE' }, (response) => response.resume().on('end', resolve)).end(),
    )
    const [span] = await serverSpans()
    expect(span?.name).toBe('HTTP')
    expect(span?.attributes).toMatchObject({ 'http.request.method': '_OTHER', 'http.request.method_original': 'PURGE' })
  })
})

it('an application in another process finds the span in its fields', async () => {
  const seen: (string | undefined)[] = []
  const application: Application = ({ headers }, startResponse) => {
    seen.push(header(headers, 'traceparent'), header(headers, 'x-kept'))
    startResponse(200, [])
    return null
  }
  const url = await open(traced(application, { propagate: true }))
  await fetch(url, { headers: { ...FROM_CLIENT, 'x-kept': 'yes' } })
  const [span] = await serverSpans()
  expect(seen).toEqual([`00-${TRACE}-${span?.spanContext().spanId}-01`, 'yes'])
})

describe('where node:http is instrumented', () => {
  let undo = (): void => {}
  beforeAll(() => {
    const instrumentations = [new HttpInstrumentation({ disableOutgoingRequestInstrumentation: true })]
    undo = registerInstrumentations({ instrumentations, tracerProvider: provider })
    // It replaces the methods of the module when the module is required.
    createRequire(import.meta.url)('node:http')
  })
  afterAll(() => undo())

  it('a request on a server of node:http has its span alone', async () => {
    const server = http.createServer(toNodeListener(traced(tsgi))).listen(0, '127.0.0.1')
    onTestFinished(() => void server.close())
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as { port: number }
    await (await fetch(`http://127.0.0.1:${port}/`)).text()
    const spans = await serverSpans()
    expect(spans.map(({ instrumentationScope }) => instrumentationScope.name)).toEqual([
      '@opentelemetry/instrumentation-http',
    ])
  })

  it('a Node application on a server of ours has its span alone, and a TSGI application ours', async () => {
    await (await fetch(await open(traced(fromNodeListener(node))))).text()
    await (await fetch(await open(traced(tsgi)))).text()
    await vi.waitUntil(() => exporter.getFinishedSpans().filter(({ kind }) => kind === SpanKind.SERVER).length >= 2)
    const spans = await serverSpans()
    expect(spans.map(({ instrumentationScope }) => instrumentationScope.name)).toEqual([
      '@opentelemetry/instrumentation-http',
      '@tsgi/opentelemetry',
    ])
  })
})
