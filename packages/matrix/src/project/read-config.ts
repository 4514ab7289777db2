/** Data from outside as a {@link MatrixConfig}, or what is wrong with it. */
import type { Runtime } from '@tsgi/conformance'
import type { Json } from '@tsgi/spec/server'
import { InputError } from '../input-error.ts'
import { KNOWN_FRAMEWORKS } from '../known-frameworks.ts'
import type { Cannot, FrameworkEntry, MatrixConfig, ServerEntry } from '../participants.ts'

/**
 * @param where for messages: the file, and the key in it
 * @throws InputError
 */
export function readConfig(value: unknown, where: string): MatrixConfig {
  if (!isRecord(value)) throw new InputError(`${where}: expected { servers, frameworks }, got ${show(value)}.`)
  for (const key of Object.keys(value)) {
    if (key !== 'servers' && key !== 'frameworks') {
      throw new InputError(`${where} has "${key}", which there is not: expected servers or frameworks.`)
    }
  }
  return {
    servers: readList(value['servers'], `${where}, servers`, readServer),
    frameworks: readList(value['frameworks'], `${where}, frameworks`, readFramework),
  }
}

function readList<T>(value: unknown, where: string, read: (one: unknown, where: string) => T): T[] | undefined {
  if (value === undefined) return undefined
  if (!Array.isArray(value)) throw new InputError(`${where}: expected a list, got ${show(value)}.`)
  return value.map((one, i) => read(one, `${where}[${i}]`))
}

function readServer(value: unknown, where: string): string | ServerEntry {
  if (typeof value === 'string') return value
  if (!isRecord(value) || typeof value['module'] !== 'string') {
    throw new InputError(
      `${where}: expected a module, or { module, options, patience, cannot, frameworks, runtime, http2 }, got ${show(value)}.`,
    )
  }
  const { module, options, patience, cannot, cannotWith, cannotAsServer, frameworks, runtime, version, http2 } = value
  if (options !== undefined && !isRecord(options)) {
    throw new InputError(`${where}.options: expected an object, got ${show(options)}.`)
  }
  if (patience !== undefined && !(typeof patience === 'number' && patience > 0)) {
    throw new InputError(`${where}.patience: expected a number above 0, got ${show(patience)}.`)
  }
  // It travels to the server's process as JSON.
  const own = options === undefined ? undefined : (JSON.parse(JSON.stringify(options)) as Record<string, Json>)
  return {
    module,
    options: own,
    patience,
    http2: http2 === true,
    cannot: readCannot(cannot, `${where}.cannot`),
    cannotWith: readByFramework(cannotWith, `${where}.cannotWith`),
    cannotAsServer: readCannot(cannotAsServer, `${where}.cannotAsServer`),
    frameworks: frameworks === undefined ? undefined : readNames(frameworks, `${where}.frameworks`),
    runtime: readRuntime(runtime, `${where}.runtime`),
    version: typeof version === 'string' ? version : undefined,
  }
}

function readFramework(value: unknown, where: string): string | FrameworkEntry {
  if (typeof value === 'string') {
    if (Object.hasOwn(KNOWN_FRAMEWORKS, value)) return value
    const known = Object.keys(KNOWN_FRAMEWORKS).join(', ')
    throw new InputError(
      `${where}: "${value}" is no framework that comes along (${known}). For one of your own give { name, application }.`,
    )
  }
  if (!isRecord(value) || typeof value['name'] !== 'string' || typeof value['application'] !== 'string') {
    throw new InputError(
      `${where}: expected a name that comes along, or { name, application, cannot }, got ${show(value)}.`,
    )
  }
  return {
    name: value['name'],
    application: value['application'],
    cannot: readCannot(value['cannot'], `${where}.cannot`),
  }
}

function readCannot(value: unknown, where: string): Cannot | undefined {
  if (value === undefined) return undefined
  if (isRecord(value) && Object.values(value).every((reason) => typeof reason === 'string' && reason !== '')) {
    return value as Cannot
  }
  throw new InputError(`${where}: expected ids, each with the reason, got ${show(value)}.`)
}

function readByFramework(value: unknown, where: string): Readonly<Record<string, Cannot>> | undefined {
  if (value === undefined) return undefined
  if (!isRecord(value)) throw new InputError(`${where}: expected names of frameworks, got ${show(value)}.`)
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, readCannot(one, `${where}.${name}`) ?? {}]),
  )
}

function readNames(value: unknown, where: string): readonly string[] {
  if (Array.isArray(value) && value.every((name) => typeof name === 'string')) return value
  throw new InputError(`${where}: expected a list of names, got ${show(value)}.`)
}

function readRuntime(value: unknown, where: string): Runtime | undefined {
  if (value === undefined) return undefined
  if (!isRecord(value) || typeof value['program'] !== 'string') {
    throw new InputError(`${where}: expected { program, args }, got ${show(value)}.`)
  }
  const { program, args } = value
  return { program, args: args === undefined ? undefined : readNames(args, `${where}.args`) }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const show = (value: unknown): string => JSON.stringify(value) ?? String(value)
