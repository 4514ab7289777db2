/** `--compress` as a layer: `tsgi/compress-layer`. */
import { compress } from '@tsgi/compression'
import type { Layer } from '@tsgi/loader'

const compressLayer: Layer<Record<string, never>> = (inner) => {
  if (inner === null) throw new TypeError('expected an application to compress the responses of, got none')
  return compress(inner)
}

export default compressLayer
