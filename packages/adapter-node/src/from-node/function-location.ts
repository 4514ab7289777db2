import inspector from 'node:inspector'

const HANDLE = 'tsgi.adapter-node.located'

/**
 * Where a function is written, `file:///app.ts:12:3`, or `null` where that cannot be told. V8 tells it to inspectors only,
 * and a session takes milliseconds: ask when something has gone wrong, not on a request's path.
 */
export function functionLocation(fn: object): string | null {
  const session = new inspector.Session()
  const scripts = new Map<string, string>()
  let found: string | null = null
  Object.defineProperty(globalThis, Symbol.for(HANDLE), { value: fn, configurable: true })
  try {
    session.connect()
    session.on('Debugger.scriptParsed', ({ params }) => scripts.set(params.scriptId, params.url))
    // A session with its own thread answers before `post` returns.
    session.post('Debugger.enable')
    session.post('Runtime.evaluate', { expression: `globalThis[Symbol.for('${HANDLE}')]` }, (_, value) => {
      const { objectId } = value.result
      if (objectId === undefined) return
      session.post('Runtime.getProperties', { objectId, ownProperties: true }, (_, { internalProperties = [] }) => {
        const property = internalProperties.find(({ name }) => name === '[[FunctionLocation]]')
        found = place(property?.value?.value, scripts)
      })
    })
  } catch {
    // Built without an inspector, or forbidden to use it.
  } finally {
    session.disconnect()
    Reflect.deleteProperty(globalThis, Symbol.for(HANDLE))
  }
  return found
}

function place(value: unknown, scripts: ReadonlyMap<string, string>): string | null {
  // Lines and columns are counted from 0 there.
  const { scriptId, lineNumber, columnNumber } = (value ?? {}) as Partial<inspector.Debugger.Location>
  const url = scriptId === undefined ? undefined : scripts.get(scriptId)
  return url === undefined || lineNumber === undefined ? null : `${url}:${lineNumber + 1}:${(columnNumber ?? 0) + 1}`
}
