import { relative } from 'node:path'
import type { Reporter, TestModule, TestSpecification, TestSuite } from 'vitest/node'
import { ROOT } from './workspace.ts'

export type Failure = Readonly<{ where: string; why: string }>

/** Files that failed without a failing test, such as one that cannot be loaded, count as one failure each. */
export type Counts = { passed: number; failed: number; skipped: number }

type Running = Counts & { files: number; left: number; seconds: number }

/** One line for each project when the last of its files is done, and one for each failure when it happens. */
export class Progress implements Reporter {
  readonly counts: Counts = { passed: 0, failed: 0, skipped: 0 }
  readonly failures: Failure[] = []
  /** What the files of each project took, one after the other. */
  readonly seconds = new Map<string, number>()
  readonly #running = new Map<string, Running>()
  readonly #write: (line: string) => void

  constructor(write: (line: string) => void) {
    this.#write = write
  }

  onTestRunStart(specifications: readonly TestSpecification[]): void {
    for (const { project } of specifications) {
      const running = this.#running.get(project.name)
      if (running === undefined)
        this.#running.set(project.name, { passed: 0, failed: 0, skipped: 0, files: 1, left: 1, seconds: 0 })
      else {
        running.files++
        running.left++
      }
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
    const { collectDuration, setupDuration, duration } = module.diagnostic()
    running.seconds += (collectDuration + setupDuration + duration) / 1000
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
    this.seconds.set(name, seconds)
    const counted = [`${passed} passed`, failed > 0 && `${failed} failed`, skipped > 0 && `${skipped} skipped`]
    this.#write(
      `  ${failed > 0 ? '✗' : '✓'} ${name.padEnd(40)} ${seconds.toFixed(1).padStart(6)} s  ${counted.filter(Boolean).join(', ')}`,
    )
  }
}

type Reported = Readonly<{ message?: string; stack?: string | undefined }>

const nameOf = (suite: TestModule | TestSuite, where: string) =>
  suite.type === 'module' ? where : `${where} > ${suite.fullName}`

/** The first lines, which are those that tell. */
const excerpt = (text: string) =>
  text
    .split('\n')
    .slice(0, 8)
    .map((line) => `    ${line.slice(0, 240)}`)
    .join('\n')
