/** Runs the steps of a Dockerfile without Docker, each stage in a folder in the place of its root. */
import { cpSync, mkdirSync } from 'node:fs'
import { basename, join } from 'node:path'

export interface Image {
  /** The folder that is `/`. */
  readonly root: string
  readonly workdir: string
  readonly env: Readonly<Record<string, string>>
  readonly user: string
  readonly ports: readonly number[]
  readonly command: readonly string[]
}

export interface Build {
  /** Folder that `COPY` takes files from. */
  readonly context: string
  /** Names that it leaves out: the lines of the `.dockerignore` file. */
  readonly ignored: readonly string[]
  /** Folder for the stages. */
  readonly folder: string
  /** Runs a line of shell in this folder; throws where it fails. */
  readonly run: (line: string, folder: string, env: Readonly<Record<string, string>>) => Promise<void>
}

interface Stage {
  readonly root: string
  workdir: string
  env: Record<string, string>
  user: string
  ports: number[]
  command: readonly string[]
}

/**
 * @returns the last stage
 * @throws Error for an instruction that is not understood, and for a step that fails
 */
export async function buildImage(dockerfile: string, build: Build): Promise<Image> {
  const stages: Record<string, Stage> = {}
  let stage: Stage | null = null
  for (const [instruction, rest] of instructions(dockerfile)) {
    if (instruction === 'FROM') {
      const name = / AS (\S+)$/.exec(rest)?.[1] ?? 'last'
      stage = { root: join(build.folder, name), workdir: '/', env: {}, user: 'root', ports: [], command: [] }
      mkdirSync(stage.root)
      stages[name] = stage
    } else if (stage === null) throw new Error(`expected FROM first, got ${instruction}`)
    else await step(instruction, rest, stage, stages, build)
  }
  if (stage === null) throw new Error('expected FROM, got no instruction')
  return stage
}

/** Without comments, and with continued lines as one. */
const instructions = (dockerfile: string): readonly (readonly [instruction: string, rest: string])[] =>
  dockerfile
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => [line.split(' ', 1)[0] ?? '', line.slice(line.indexOf(' ') + 1).trim()])

async function step(
  instruction: string,
  rest: string,
  stage: Stage,
  stages: Readonly<Record<string, Stage>>,
  build: Build,
): Promise<void> {
  const here = (): string => join(stage.root, stage.workdir)
  switch (instruction) {
    case 'WORKDIR':
      stage.workdir = rest
      mkdirSync(here(), { recursive: true })
      return
    case 'ENV': {
      const [name = '', value = ''] = rest.split('=')
      stage.env[name] = value
      return
    }
    case 'USER':
      stage.user = rest
      return
    case 'EXPOSE':
      stage.ports = rest.split(' ').map(Number)
      return
    case 'STOPSIGNAL':
      // What Docker sends by itself too; another one would have to be tested.
      if (rest !== 'SIGTERM') throw new Error(`STOPSIGNAL: expected SIGTERM, got ${rest}`)
      return
    case 'CMD':
      stage.command = JSON.parse(rest) as string[]
      return
    case 'RUN':
      await build.run(rest, here(), stage.env)
      return
    case 'COPY':
      copy(rest, here(), stages, build)
      return
    default:
      throw new Error(`expected an instruction that ${basename(import.meta.filename)} knows, got ${instruction}`)
  }
}

/** Into the working directory, which is all that we write. */
function copy(rest: string, to: string, stages: Readonly<Record<string, Stage>>, build: Build): void {
  const [, from, paths = ''] = /^(?:--from=(\S+) )?(.+) \.\/?$/.exec(rest) ?? []
  if (paths === '') throw new Error(`COPY: expected files and ./ behind them, got ${rest}`)
  const source = from === undefined ? build.context : stages[from]?.root
  if (source === undefined) throw new Error(`COPY --from: expected a stage above, got ${from}`)
  const filter = (path: string): boolean => from !== undefined || !build.ignored.includes(basename(path))
  for (const path of paths.split(' ')) {
    // The content of a folder, and a file under its own name.
    const folder = path === '.' || from !== undefined
    cpSync(join(source, path), folder ? to : join(to, basename(path)), {
      recursive: true,
      filter,
      verbatimSymlinks: true,
    })
  }
}
