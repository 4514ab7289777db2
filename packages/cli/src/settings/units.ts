/** Times and sizes as people write them. */

const MILLISECONDS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

const BYTES: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 1024,
  kb: 1000,
  kib: 1024,
  m: 1024 ** 2,
  mb: 1000 ** 2,
  mib: 1024 ** 2,
  g: 1024 ** 3,
  gb: 1000 ** 3,
  gib: 1024 ** 3,
}

/** `30s`, `500ms`, `1.5m`, `2h` in milliseconds; `undefined` where it is none. A number needs its unit, but 0 does not. */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? []
  return number === undefined ? undefined : Math.round(Number(number) * (MILLISECONDS[unit as string] as number))
}

/** `16KiB`, `64k`, `1.5MB`, `4096` in bytes; `undefined` where it is none. */
export function parseSize(text: string): number | undefined {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)\s*([kmg]?(?:i?b)?)$/i.exec(text) ?? []
  const factor = BYTES[unit.toLowerCase()]
  return number === undefined || factor === undefined ? undefined : Math.round(Number(number) * factor)
}

export function formatDuration(milliseconds: number): string {
  return milliseconds % 1000 === 0 ? `${milliseconds / 1000}s` : `${milliseconds}ms`
}

export function formatSize(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB']
  let power = 0
  while (power < 3 && bytes >= 1024 && bytes % 1024 === 0) {
    bytes /= 1024
    power++
  }
  return power === 0 ? String(bytes) : `${bytes}${units[power]}`
}
