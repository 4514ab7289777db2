/**
 * What is known of the answer to a path: the file it names, the precompressed forms beside it, and the header lists that go
 * with them, made once. A resource says nothing new about the file system; whether it still holds is asked of its witnesses.
 */
import { hash } from 'node:crypto'
import { httpDate, type Validators } from '@tsgi/http-fields'
import type { HeaderList } from '@tsgi/spec'
import { isFresh, milliseconds, sameVersion, stat, versionOf, type FileVersion } from './file-version.ts'
import type { FileBlocks } from './file-blocks.ts'
import type { Coding } from './settings.ts'

/** A path that was looked at, and what was there: `null` for nothing. */
export interface Witness {
  readonly path: string
  readonly version: FileVersion | null
}

export interface Resource {
  /** Its name in the cache. */
  readonly key: string
  readonly description: Description
  /** The file itself first, then its precompressed forms in the server's order. */
  readonly variants: readonly [Variant, ...Variant[]]
  readonly witnesses: readonly Witness[]
  /** On the clock of `performance.now()`. */
  checkedAt: number
  /** A witness had just been changed: do not trust them once more. */
  readonly fresh: boolean
  /** Asked for again since it was found. */
  recalled: boolean
}

/** What all variants have in common. */
export interface Description {
  readonly contentType: string
  readonly cacheControl: string | null
  readonly vary: string | null
  readonly acceptRanges: 'bytes' | 'none'
}

/** One file of a resource. */
export interface Variant {
  readonly path: string
  readonly coding: Coding | null
  readonly version: FileVersion
  /** Made when first asked for. */
  representation: Representation | null
  /** Of a large file, made when it is asked for again. */
  blocks: FileBlocks | null
}

/** A variant as it is sent. */
export interface Representation extends Validators {
  readonly etag: string
  readonly size: number
  /** The whole content, where it is kept in memory. */
  readonly bytes: Uint8Array<ArrayBuffer> | null
  /** Of a 200: the content type, the length and {@link contentHeaders}. */
  readonly headers: HeaderList
  /** Those that a 206 has as well. */
  readonly contentHeaders: HeaderList
  readonly notModifiedHeaders: HeaderList
}

/** Whether nothing has changed since the resource was made. */
export function stillHolds(resource: Resource): boolean {
  return !resource.fresh && resource.witnesses.every(holds)
}

function holds({ path, version }: Witness): boolean {
  const now = stat(path)
  return now === undefined ? version === null : version !== null && sameVersion(versionOf(now), version)
}

export const isAnyFresh = (witnesses: readonly Witness[]): boolean =>
  witnesses.some(({ version }) => version !== null && isFresh(version))

/**
 * The representation of a variant.
 *
 * @param bytes the whole content; only they make the entity tag a strong one, since size and time vouch for no bytes
 */
export function represent(
  { version, coding }: Pick<Variant, 'version' | 'coding'>,
  bytes: Uint8Array<ArrayBuffer> | null,
  { contentType, cacheControl, vary, acceptRanges }: Description,
): Representation {
  const size = bytes === null ? Number(version.size) : bytes.length
  // One for each coding (RFC 9110 §8.8.3.3), however alike the files are.
  const suffix = coding === null ? '' : `-${coding}`
  const etag =
    bytes === null
      ? `W/"${version.size.toString(36)}-${version.mtimeNs.toString(36)}${suffix}"`
      : `"${hash('sha256', bytes, 'base64url').slice(0, 22)}${suffix}"`
  // RFC 9110 §8.8.2.1: never later than the response itself. Some file systems give a file without a time one before 1970.
  const lastModified = Math.max(0, Math.min(milliseconds(version.mtimeNs), Date.now()))
  const stored = ['last-modified', httpDate(lastModified), 'etag', etag]
  if (cacheControl !== null) stored.push('cache-control', cacheControl)
  if (vary !== null) stored.push('vary', vary)
  const contentHeaders = [...stored, 'accept-ranges', acceptRanges, 'x-content-type-options', 'nosniff']
  if (coding !== null) contentHeaders.push('content-encoding', coding)
  return {
    etag,
    lastModified,
    size,
    bytes,
    contentHeaders,
    headers: ['content-type', contentType, 'content-length', String(size), ...contentHeaders],
    notModifiedHeaders: stored,
  }
}
