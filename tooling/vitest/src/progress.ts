import { relative } from 'node:path'
import type { Reporter, TestModule, TestSpecification, TestSuite } from 'vitest/node'
import { ONE_AT_A_TIME } from './projects.ts'
import { ROOT } from './workspace.ts'

export type Failure = Readonly<{ where: string; why: string }>

/** Files that failed without a failing test, such as one that cannot be loaded, count as one failure each. */
export type Counts = { passed: number; failed: number; skipped: number }

type Running = Counts & { left: number; seconds: number }

/** What is written down about a file: its cost, and its tests with theirs. */
export type FileReport = Readonly<{
  file: string
  package: string
  seconds: number
  cpuSeconds: number | null
  tests: readonly Readonly<{ name: string; state: string; seconds: number }>[]
}>

/** One line for each project when the last of its files is done, and one for each failure when it happens. */
export class Progress implements Reporter {
  readonly counts: Counts = { passed: 0, failed: 0, skipped: 0 }
  readonly failures: Failure[] = []
  readonly files: FileReport[] = []
  readonly #running = new Map<string, Running>()
  readonly #write: (line: string) => void

  constructor(write: (line: string) => void) {
    this.#write = write
  }

  onTestRunStart(specifications: readonly TestSpecification[]): void {
    for (const { project } of specifications) {
      const running = this.#running.get(project.name) ?? { passed: 0, failed: 0, skipped: 0, left: 0, seconds: 0 }
      running.left++
      this.#running.set(project.name, running)
    }
  }

  onTestModuleEnd(module: TestModule): void {
    const running = this.#running.get(module.project.name)
    if (running === undefined) return
    const before = this.failures.length
    const where = relative(ROOT, module.moduleId)
    for (const test of module.children.allTests()) {
      const { state, errors } = test.result()
      if (state === 'passed') running.passed++
      else if (state === 'skipped') running.skipped++
      else this.#fail(`${where} > ${test.fullName}`, errors ?? [])
    }
    for (const suite of [module, ...module.children.allSuites()]) {
      const errors = suite.errors()
      if (errors.length > 0) this.#fail(nameOf(suite, where), errors)
    }
    if (!module.ok() && this.failures.length === before) this.#fail(where, [{ message: 'failed without saying why' }])
    running.failed += this.failures.length - before
    const report = reportOf(module, where)
    this.files.push(report)
    running.seconds += report.seconds
    if (--running.left === 0) this.#done(module.project.name, running)
  }

  onTestRunEnd(_: readonly TestModule[], unhandledErrors: readonly Reported[]): void {
    for (const error of unhandledErrors) {
      this.#fail('outside of the tests', [error])
      this.counts.failed++
    }
    for (const [name, { left }] of this.#running) {
      if (left === 0) continue
      this.#fail(name, [{ message: `${left} of its files did not report` }])
      this.counts.failed += left
    }
  }

  #fail(where: string, errors: readonly Reported[]): void {
    const why = errors.map(({ stack, message }) => excerpt(stack ?? message ?? '')).join('\n')
    this.failures.push({ where, why })
    this.#write(`  ✗ ${where}`)
  }

  #done(name: string, { passed, failed, skipped, seconds }: Running): void {
    this.counts.passed += passed
    this.counts.failed += failed
    this.counts.skipped += skipped
    const counted = [`${passed} passed`, failed > 0 && `${failed} failed`, skipped > 0 && `${skipped} skipped`]
    this.#write(
      `  ${failed > 0 ? '✗' : '✓'} ${name.padEnd(40)} ${seconds.toFixed(1).padStart(6)} s  ${counted.filter(Boolean).join(', ')}`,
    )
  }
}

function reportOf(module: TestModule, file: string): FileReport {
  const { collectDuration, setupDuration, duration } = module.diagnostic()
  return {
    file,
    package: module.project.name.replace(ONE_AT_A_TIME, ''),
    seconds: (collectDuration + setupDuration + duration) / 1000,
    cpuSeconds: module.meta().cpuSeconds ?? null,
    tests: [...module.children.allTests()].map((test) => ({
      name: test.fullName,
      state: test.result().state,
      seconds: (test.diagnostic()?.duration ?? 0) / 1000,
    })),
  }
}

type Reported = Readonly<{ message?: string; stack?: string | undefined }>

const nameOf = (suite: TestModule | TestSuite, where: string) =>
  suite.type === 'module' ? where : `${where} > ${suite.fullName}`

/** The first lines, which are those that tell, without those of vitest itself. */
const excerpt = (text: string) =>
  text
    .split('\n')
    .filter((line) => !/^ *at .*(node_modules\/|node:internal)/.test(line))
    .slice(0, 8)
    .map((line) => `    ${line.slice(0, 240)}`)
    .join('\n')
