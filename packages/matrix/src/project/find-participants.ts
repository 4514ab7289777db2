/** Who takes part in a project: as its `matrix.config.ts` says, else whoever is installed. */
import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { importModule, LoadError, requireModule } from '@tsgi/loader'
import { InputError } from '../input-error.ts'
import { KNOWN_FRAMEWORKS, knownFramework, NODE_HTTP, NODE_HTTP_MODULE } from '../known-frameworks.ts'
import type { FrameworkEntry, MatrixConfig, Participants, ServerEntry } from '../participants.ts'
import { installedPackage, type PackageFile, projectPackage } from './package-file.ts'
import { readConfig } from './read-config.ts'

const USUAL_NAMES = ['matrix.config.ts', 'matrix.config.mts', 'matrix.config.js', 'matrix.config.mjs']

export interface FindOptions {
  /** A config file; default: `matrix.config.ts` of the folder, where there is one. */
  readonly config?: string | undefined
  /** Folder of the command that runs: what its package offers takes part as well. */
  readonly command?: string | undefined
}

/**
 * With a config file: what that names. Without one: `node:http` as the reference, raw TSGI and the dialect of PEP 3333,
 * the frameworks that the kit knows and the project depends on, and whatever the project, its dependencies and the
 * command offer as `tsgi` in their `package.json`.
 *
 * @throws InputError where a config makes no sense, or something that it names cannot be found
 */
export async function findParticipants(folder: string, options: FindOptions = {}): Promise<Participants> {
  const file = options.config ?? USUAL_NAMES.find((name) => existsSync(resolve(folder, name)))
  const config = file === undefined ? {} : await importConfig(file, folder)
  const base = file === undefined ? folder : dirname(resolve(folder, file))
  const found = whoeverIsInstalled(folder, options.command)
  return {
    servers: config.servers === undefined ? found.servers : serversOf(config.servers, base),
    frameworks: (config.frameworks === undefined ? found.frameworks : frameworksOf(config.frameworks, base)).map(
      (entry) => ({ ...entry, version: versionOf(entry, base) }),
    ),
    project: pathToFileURL(`${base}/`).href,
  }
}

async function importConfig(file: string, folder: string): Promise<MatrixConfig> {
  try {
    return readConfig((await importModule(resolve(folder, file), folder))['default'], file)
  } catch (error) {
    if (error instanceof LoadError) throw new InputError(error.message)
    throw error
  }
}

function whoeverIsInstalled(folder: string, command: string | undefined): Omit<Participants, 'project'> {
  const project = projectPackage(folder)
  const dependencies = (project?.dependencies ?? []).flatMap((name) => installedPackage(name, folder) ?? [])
  const packages = [command === undefined ? undefined : projectPackage(command), ...dependencies, project]
  const offering = packages.filter((one): one is PackageFile => one?.offers !== undefined)
  const installed = new Set(dependencies.map(({ name }) => name))
  const known = Object.entries(KNOWN_FRAMEWORKS).flatMap(([key, { package: needed }]) =>
    needed === undefined || installed.has(needed) || project?.name === needed ? (knownFramework(key) ?? []) : [],
  )
  return {
    servers: distinct(
      [
        { module: NODE_HTTP_MODULE },
        ...offering.flatMap(({ offers, folder }) => serversOf(offers?.servers ?? [], folder)),
      ],
      ({ module }) => module,
    ),
    frameworks: distinct(
      [...known, ...offering.flatMap(({ offers, folder }) => frameworksOf(offers?.frameworks ?? [], folder))],
      ({ application }) => application,
    ),
  }
}

const serversOf = (servers: readonly (string | ServerEntry)[], base: string): ServerEntry[] =>
  servers.map((entry) => {
    const server = typeof entry === 'string' ? { module: entry } : entry
    return { ...server, module: server.module === NODE_HTTP ? NODE_HTTP_MODULE : locate(server.module, base) }
  })

const frameworksOf = (frameworks: readonly (string | FrameworkEntry)[], base: string): FrameworkEntry[] =>
  frameworks.flatMap((entry) =>
    typeof entry === 'string'
      ? (knownFramework(entry) ?? [])
      : { ...entry, application: locate(entry.application, base) },
  )

function versionOf({ name }: FrameworkEntry, folder: string): string | undefined {
  const known = Object.values(KNOWN_FRAMEWORKS).find((one) => one.name === name)?.package
  return known === undefined ? undefined : installedPackage(known, folder)?.version
}

function locate(module: string, base: string): string {
  try {
    return requireModule(module, base)
  } catch (error) {
    if (error instanceof LoadError) throw new InputError(error.message)
    throw error
  }
}

const distinct = <T>(entries: readonly T[], keyOf: (entry: T) => string): T[] => [
  ...new Map(entries.map((entry) => [keyOf(entry), entry])).values(),
]
