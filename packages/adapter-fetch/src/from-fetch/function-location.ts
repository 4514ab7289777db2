import type { Runtime } from 'node:inspector'

const known = new WeakMap<object, string>()

/**
 * Where a function is written, as `file:///app.ts:12:3`; its name where that cannot be told. Only the inspector can be
 * asked for this, which takes milliseconds: so each function is asked about once, and only when it failed.
 */
export function functionLocation(fn: (...args: never[]) => unknown): string {
  let location = known.get(fn)
  if (location === undefined) {
    try {
      location = inspect(fn)
    } catch {
      // No inspector in this runtime, or not permitted.
    }
    location ??= fn.name === '' ? 'an anonymous function' : `function ${fn.name}`
    known.set(fn, location)
  }
  return location
}

const handle = Symbol.for('tsgi.functionLocation')

function inspect(fn: unknown): string | undefined {
  // Not every runtime has it, and those that have need not load it.
  const session = new (process.getBuiltinModule('node:inspector').Session)()
  session.connect()
  Object.defineProperty(globalThis, handle, { configurable: true, value: fn })
  try {
    const urls = new Map<string, string>()
    session.on('Debugger.scriptParsed', ({ params }) => void urls.set(params.scriptId, params.url))
    session.post('Debugger.enable')
    let location: Location | undefined
    // A session in its own thread calls back before `post` returns.
    session.post(
      'Runtime.evaluate',
      { expression: `globalThis[Symbol.for('tsgi.functionLocation')]` },
      (_, evaluated) => {
        const { objectId } = evaluated.result
        if (objectId === undefined) return
        session.post('Runtime.getProperties', { objectId, ownProperties: true }, (_, properties) => {
          location = properties.internalProperties?.find(isLocation)?.value?.value as Location | undefined
        })
      },
    )
    const url = location && urls.get(location.scriptId)
    return url && location && `${url}:${location.lineNumber + 1}:${(location.columnNumber ?? 0) + 1}`
  } finally {
    Reflect.deleteProperty(globalThis, handle)
    session.disconnect()
  }
}

/** Lines and columns are counted from 0. */
interface Location {
  readonly scriptId: string
  readonly lineNumber: number
  readonly columnNumber?: number
}

const isLocation = (property: Runtime.InternalPropertyDescriptor): boolean => property.name === '[[FunctionLocation]]'
