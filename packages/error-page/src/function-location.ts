import type { Debugger, Runtime } from 'node:inspector'

const known = new WeakMap<object, string>()

/**
 * Where a function is written, as `file:///app.ts:12:3`; its name where that cannot be told. Only the inspector can be
 * asked for this, which takes milliseconds: so each function is asked about once, and only when it failed.
 */
export function functionLocation(fn: object): string {
  let location = known.get(fn)
  if (location === undefined) {
    location = inspect(fn) ?? nameOf(fn)
    known.set(fn, location)
  }
  return location
}

function nameOf(fn: object): string {
  return 'name' in fn && typeof fn.name === 'string' && fn.name !== '' ? `function ${fn.name}` : 'an anonymous function'
}

const HANDLE = 'tsgi.functionLocation'

function inspect(fn: object): string | undefined {
  const handle = Symbol.for(HANDLE)
  const urls = new Map<string, string>()
  let location: string | undefined
  try {
    // Not every runtime has it, and those that have need not load it.
    const session = new (process.getBuiltinModule('node:inspector').Session)()
    session.connect()
    Object.defineProperty(globalThis, handle, { configurable: true, value: fn })
    try {
      session.on('Debugger.scriptParsed', ({ params }) => void urls.set(params.scriptId, params.url))
      session.post('Debugger.enable')
      // A session in its own thread calls back before `post` returns.
      session.post('Runtime.evaluate', { expression: `globalThis[Symbol.for('${HANDLE}')]` }, (_, evaluated) => {
        const { objectId } = evaluated.result
        if (objectId === undefined) return
        session.post('Runtime.getProperties', { objectId, ownProperties: true }, (_, { internalProperties }) => {
          location = placeOf(internalProperties?.find(isLocation)?.value?.value, urls)
        })
      })
    } finally {
      Reflect.deleteProperty(globalThis, handle)
      session.disconnect()
    }
  } catch {
    // No inspector in this runtime, or not permitted.
  }
  return location
}

const isLocation = ({ name }: Runtime.InternalPropertyDescriptor): boolean => name === '[[FunctionLocation]]'

/** Lines and columns are counted from 0 there. */
function placeOf(value: unknown, urls: ReadonlyMap<string, string>): string | undefined {
  const { scriptId, lineNumber, columnNumber } = (value ?? {}) as Partial<Debugger.Location>
  const url = scriptId === undefined ? undefined : urls.get(scriptId)
  return url && lineNumber !== undefined ? `${url}:${lineNumber + 1}:${(columnNumber ?? 0) + 1}` : undefined
}
