const SPOTS = 16

/** A number that tells most changes of some bytes, for the price of looking at a few of them. */
export function sampleOf(bytes: Uint8Array): number {
  const { length } = bytes
  let sample = length
  const step = Math.max(1, Math.floor(length / SPOTS))
  for (let i = 0; i < length; i += step) sample = (Math.imul(sample, 31) + (bytes[i] as number)) | 0
  return (Math.imul(sample, 31) + (bytes[length - 1] ?? 0)) | 0
}
