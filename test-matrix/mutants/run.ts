/** Runs suites over mutants, a process for each. */
import { spawn } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Judgement, Passed } from './judge.ts'
import { choose, type Mutant, mutantsOf } from './mutate.ts'
import { GROUPS, suitesOf } from './suites.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const JUDGE = fileURLToPath(new URL('judge.ts', import.meta.url))
const PLANT = new URL('plant.ts', import.meta.url).href

/** A process that has not finished one more behaviour for this long hangs, and is ended. In milliseconds. */
const TOO_LONG = 120_000

export interface Verdict {
  readonly mutant: Mutant
  /** What noticed it; `null`: it survived. */
  readonly caught: string | null
}

/** Mutants that change nothing that a client or an application could notice, each with the reason: no faults, and not chosen. */
const NO_FAULTS: readonly (Pick<Mutant, 'file' | 'before' | 'after'> & { readonly why: string })[] = JSON.parse(
  readFileSync(new URL('no-faults.json', import.meta.url), 'utf8'),
)

const isFault = ({ file, before, after }: Mutant): boolean =>
  !NO_FAULTS.some((one) => one.file === file && one.before === before && one.after === after)

/** Tests; what no suite runs yet, HTTP/2 and the protocols of gateways; and what the operator sets. */
const LEFT_OUT = /\.test\.ts$|\/http2|\/gateway\/|settings\.ts$/

/** Some of all mutants, so many of each group as it has a share of `count`. */
export function chooseMutants(count: number, seed: number): readonly Mutant[] {
  const total = GROUPS.reduce((sum, { share }) => sum + share, 0)
  return GROUPS.flatMap(({ share, files }) => {
    const all = Object.keys(files).flatMap((folder) =>
      globSync(`${folder}**/*.ts`, { cwd: ROOT })
        .filter((file) => !LEFT_OUT.test(file))
        .toSorted()
        .flatMap((file) => mutantsOf(file, readFileSync(`${ROOT}/${file}`, 'utf8'))),
    )
    return choose(all.filter(isFault), Math.round((share / total) * count), seed)
  })
}

/**
 * Tries `count` mutants, two at a time, after a run without one.
 *
 * @param report is called with each verdict
 */
export async function tryMutants(
  count: number,
  seed: number,
  report: (verdict: Verdict) => void = () => {},
): Promise<readonly Verdict[]> {
  const mutants = chooseMutants(count, seed)
  const expected = await baseline([...new Set(mutants.flatMap(({ file }) => suitesOf(file)))])
  const verdicts: Verdict[] = []
  const queue = [...mutants]
  const work = async (): Promise<void> => {
    for (let mutant; (mutant = queue.shift()) !== undefined;) {
      const verdict = await tryMutant(mutant, expected)
      verdicts.push(verdict)
      report(verdict)
    }
  }
  await Promise.all([work(), work()])
  return verdicts
}

/** What passes where nothing is planted. @throws Error where a suite does not end */
export async function baseline(suites: readonly string[]): Promise<Passed> {
  const end = await judge({ TSGI_SUITES: JSON.stringify(suites) })
  if (typeof end === 'string') throw new Error(`without a mutant, ${end}`)
  return end.passed
}

/** Whether the suites that run a mutant's file notice it. */
export async function tryMutant(mutant: Mutant, expected: Passed): Promise<Verdict> {
  const end = await judge({
    TSGI_SUITES: JSON.stringify(suitesOf(mutant.file).filter((suite) => suite in expected)),
    TSGI_EXPECTED: JSON.stringify(expected),
    TSGI_MUTANT: JSON.stringify(mutant),
  })
  return { mutant, caught: typeof end === 'string' ? end : end.caught }
}

/** The judgement of a process, or how it ended without one. */
async function judge(env: Readonly<Record<string, string>>): Promise<Judgement | string> {
  const args = ['--conditions=source', `--import=${PLANT}`, JUDGE]
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const hangs = setTimeout(() => child.kill('SIGKILL'), TOO_LONG)
  let out = ''
  let error = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    out += text
    hangs.refresh()
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (error = (error + text).slice(-2000)))
  const [code, signal] = await new Promise<readonly [number | null, NodeJS.Signals | null]>((resolve) => {
    child.on('close', (...end) => resolve(end))
  })
  clearTimeout(hangs)
  const last = out.trim().split('\n').at(-1)
  if (code === 0 && last?.startsWith('{')) return JSON.parse(last) as Judgement
  if (signal !== null) return `the process hung: nothing for ${TOO_LONG / 1000} s`
  const said = error.split('\n').find((line) => /Error/.test(line)) ?? ''
  return `the process ended with code ${code} ${said}`.trimEnd()
}
