/** In a test worker: what of our packages was run, written to the folder of TEST_COVERAGE after each test file. */
import { writeFileSync } from 'node:fs'
import { Session } from 'node:inspector/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Script, ScriptCoverage } from './lines.ts'

const state: { session?: Session; sources: Map<string, string>; dumps: number } = (globalThis.testCoverage ??= {
  sources: new Map(),
  dumps: 0,
})

declare global {
  var testCoverage: { session?: Session; sources: Map<string, string>; dumps: number } | undefined
}

/** Processes that tests start write theirs by themselves. */
export async function startCoverage(folder: string): Promise<void> {
  process.env.NODE_V8_COVERAGE = folder
  if (state.session !== undefined) return
  state.session = new Session()
  state.session.connect()
  await state.session.post('Debugger.enable')
  await state.session.post('Profiler.enable')
  await state.session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
}

export async function writeCoverage(folder: string): Promise<void> {
  const { session } = state
  if (session === undefined) return
  const { result } = await session.post('Profiler.takePreciseCoverage')
  const scripts: Script[] = []
  for (const script of result as (ScriptCoverage & { scriptId: string })[]) {
    const file = script.url.startsWith('file:') ? fileURLToPath(script.url) : script.url
    if (!/\/packages\/[^/]+\/src\/.*(?<!\.test)\.ts$/.test(file)) continue
    let source = state.sources.get(script.scriptId)
    if (source === undefined) {
      source = (await session.post('Debugger.getScriptSource', { scriptId: script.scriptId })).scriptSource
      state.sources.set(script.scriptId, source)
    }
    scripts.push({ file, source, functions: script.functions })
  }
  writeFileSync(join(folder, `worker-${process.pid}-${state.dumps++}.json`), JSON.stringify(scripts))
}
