import { loadEntry } from '@tsgi/loader/entry'
import { check, describeFindings } from '@tsgi/validator'
import type { Environment } from '../environment.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { printable } from '../logs/printable.ts'
import { withinBootTimeout } from '../serving/boot-timeout.ts'
import { planServing } from '../serving/serving-plan.ts'

/**
 * Puts a set of requests to an application in this process, and says which clauses of the specification it breaks.
 *
 * @param paths that it answers; `/` where none is named
 * @param allowErrors pass a path that answers nothing but errors
 * @throws UsageError, LoadError
 */
export async function checkCommand(
  environment: Environment,
  paths: readonly string[],
  allowErrors: boolean,
  say: (text: string) => void,
): Promise<ExitCode> {
  const plan = planServing(environment)
  const { application } = await withinBootTimeout(() => loadEntry(plan), environment.settings.bootTimeout)
  const name = environment.app?.text
  const { findings, requests, failing } = await check(application, { name, ...(paths.length > 0 && { paths }) })
  const told = describeFindings(findings)
  for (const finding of told) say(`${finding}\n\n`)
  const failed = requests.filter(({ error }) => error !== null)
  for (const { name, method, path, error } of failed) {
    say(printable(`failed: ${method} ${path} (${name}): ${error instanceof Error ? error.message : String(error)}\n`))
  }
  const broken = allowErrors ? [] : failing
  for (const path of broken) {
    say(`${path} answered every request with an error. If that is meant, pass --allow-errors.\n`)
  }
  say(`${requests.length} requests, ${told.length} ${told.length === 1 ? 'finding' : 'findings'}\n`)
  return findings.length === 0 && broken.length === 0 ? EXIT.ok : EXIT.findings
}
