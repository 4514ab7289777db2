import { cpSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { makeFolder, packageName } from './target-folder.ts'
import { TEMPLATES, type TemplateName } from './templates.ts'
import { versionRange } from './versions.ts'

export interface Project {
  /** Absolute; made where it does not exist. */
  readonly folder: string
  readonly template: TemplateName
}

const templates = fileURLToPath(new URL('../templates', import.meta.url))

/** The application that the scripts and the config name. */
const APP = 'src/app.ts'

/**
 * Writes a project that runs once its dependencies are installed.
 *
 * @throws CreateError where the folder cannot be made
 */
export function writeProject({ folder, template }: Project): void {
  makeFolder(folder)
  for (const part of ['shared', template]) cpSync(join(templates, part), folder, { recursive: true })
  // npm leaves a file of that name out of packages.
  renameSync(join(folder, '_gitignore'), join(folder, '.gitignore'))
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest(folder, template), null, 2)}\n`)
}

const manifest = (folder: string, template: TemplateName) => ({
  name: packageName(folder),
  version: '0.0.0',
  private: true,
  type: 'module',
  scripts: {
    dev: 'tsgi dev',
    start: 'tsgi serve',
    test: 'node --test',
    check: `tsc && tsgi check ${APP}`,
  },
  dependencies: ranges(['tsgi', ...TEMPLATES[template].dependencies]),
  devDependencies: ranges(['@types/node', 'typescript', ...TEMPLATES[template].devDependencies]),
  engines: { node: '>=22.18' },
})

const ranges = (names: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries([...names].sort().map((name) => [name, versionRange(name)]))
