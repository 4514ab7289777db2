/**
 * `--static` as a layer, so that it is composed anew in each process: `tsgi/static-layer` with its settings as JSON.
 */
import type { Layer } from '@tsgi/loader'
import type { Application } from '@tsgi/spec'
import { mountStatic, staticFiles } from '@tsgi/static-files'
import type { Mount } from '../settings/option-values.ts'

export type StaticLayerConfig = {
  /** Folders as absolute paths. Those at the root are asked in this order, behind those that own a prefix. */
  readonly mounts: readonly { readonly [Key in keyof Mount]: Mount[Key] }[]
  readonly spa: boolean
  /** Milliseconds for which a file is taken to be unchanged. */
  readonly recheckAfter: number
}

const staticLayer: Layer<StaticLayerConfig> = (application, { mounts, spa, recheckAfter }) => {
  const memory = { recheckAfter }
  let composed = application ?? undefined
  const atRoot = mounts.filter(({ prefix }) => prefix === '')
  for (const { folder } of atRoot.toReversed()) {
    // A page for every path leaves nothing to the folders behind it, so only the last of them may have one.
    composed = staticFiles(folder, { fallback: composed, memory, spa: spa && folder === atRoot.at(-1)?.folder })
  }
  for (const { prefix, folder } of mounts.filter((mount) => mount.prefix !== '').toReversed()) {
    composed = mountStatic(prefix, folder, { fallback: composed, memory, spa })
  }
  if (composed === undefined) throw new TypeError('a static layer without a folder and without an application')
  return composed satisfies Application
}

export default staticLayer
