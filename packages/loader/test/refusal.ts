import { type Outcome, Site } from './probe.ts'

/** Of a module that cannot be loaded: why, with `<folder>` for its folder. */
export function refusal(
  files: Readonly<Record<string, string>>,
  reference = 'app.ts',
): Extract<Outcome, { code: string }> {
  using site = new Site(files)
  const outcome = site.load(reference)
  if (!('code' in outcome)) throw new Error('it was loaded')
  return { ...outcome, message: outcome.message.replaceAll(site.folder, '<folder>') }
}
