import { createReadStream } from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename } from 'node:path'
import { randomUUID } from 'node:crypto'
import type { Tarball } from './tarballs.ts'

export interface LocalRegistry extends AsyncDisposable {
  /** Ends with a slash. */
  readonly url: string
}

/** Before any age that a package manager may demand of a new version. */
const PUBLISHED = '2020-01-01T00:00:00.000Z'

/**
 * A registry on this machine that has the packed packages, and for everything else sends clients to another one.
 *
 * @param upstream such as `https://registry.npmjs.org/`
 */
export async function localRegistry(tarballs: readonly Tarball[], upstream: string): Promise<LocalRegistry> {
  const packages = new Map(tarballs.map((tarball) => [tarball.manifest.name, tarball]))
  // Package managers keep answers by address: no two registries have the same.
  const prefix = `/${randomUUID()}/`
  const server = http.createServer((request, response) => {
    const target = request.url ?? '/'
    // npm leaves the prefix out of addresses that it makes itself.
    const encoded = target.startsWith(prefix) ? target.slice(prefix.length) : target.slice(1)
    const path = decodeURIComponent(encoded)
    const file = /^-\/files\/(.+\.tgz)$/.exec(path)?.[1]
    const asked = packages.get(path)
    if (file !== undefined) sendFile(file, response)
    else if (asked !== undefined) sendJson(packument(asked, url), response)
    else response.writeHead(307, { location: new URL(encoded, upstream).href }).end()
  })
  const sendFile = (name: string, response: http.ServerResponse): void => {
    const tarball = tarballs.find((one) => basename(one.file) === name)
    if (tarball === undefined) response.writeHead(404).end()
    else createReadStream(tarball.file).pipe(response.writeHead(200, { 'content-type': 'application/octet-stream' }))
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${prefix}`
  return {
    url,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function sendJson(value: unknown, response: http.ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}

/** What a registry says about a package: https://github.com/npm/registry/blob/main/docs/responses/package-metadata.md */
function packument({ manifest, file, integrity }: Tarball, registry: string) {
  const { name, version } = manifest
  const dist = { tarball: `${registry}-/files/${basename(file)}`, integrity }
  return {
    name,
    'dist-tags': { latest: version },
    time: { created: PUBLISHED, modified: PUBLISHED, [version]: PUBLISHED },
    versions: { [version]: { ...manifest, dist } },
  }
}
