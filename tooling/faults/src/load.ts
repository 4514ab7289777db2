/** Load while something happens to a server: connections that are kept and connections that are new, every failure counted. */
import type { Client, Response } from './client.ts'

export interface LoadResult {
  readonly answered: number
  /** What went wrong, each in words. A request that was sent and not answered with 200 is one, whatever the reason. */
  readonly failures: readonly string[]
  /** Versions of the application that answered. */
  readonly versions: ReadonlySet<string>
  /** Connections to the server that brought the answers. */
  readonly connections: number
}

interface Answer {
  readonly version: string
  readonly pid: number
  readonly remotePort: number
}

export interface Load {
  /** So far. */
  readonly answered: number
  stop(): Promise<LoadResult>
}

/**
 * @param server the server, or what stands in front of it
 * @param kept connections that go on as long as the server lets them @param fresh clients that open one for each request
 */
export function load(
  server: { connect(): Client },
  { kept, fresh }: { readonly kept: number; readonly fresh: number },
): Load {
  const stopping = new AbortController()
  const { signal } = stopping
  let answered = 0
  const failures: string[] = []
  const versions = new Set<string>()
  const connections = new Set<string>()
  const take = ({ status, body }: Response): void => {
    if (status !== 200) failures.push(`status ${status}: ${body}`)
    else {
      answered++
      const { version, pid, remotePort } = JSON.parse(body) as Answer
      versions.add(version)
      connections.add(`${pid} ${remotePort}`)
    }
  }
  const request = async (client: Client, ...fields: readonly string[]): Promise<boolean> => {
    try {
      const response = await client.get('/who', ...fields).response()
      take(response)
      return response.headers.get('connection') !== 'close'
    } catch (error) {
      failures.push(String(error))
      return false
    }
  }
  const keepAlive = async (): Promise<void> => {
    while (!signal.aborted) {
      const client = server.connect()
      let open = true
      // A connection that the server has closed while it was idle is not used again: that much a client can see.
      while (open && !signal.aborted && !client.ended) open = await request(client)
      client.close()
    }
  }
  const oneByOne = async (): Promise<void> => {
    while (!signal.aborted) {
      const client = server.connect()
      await request(client, 'connection: close')
      client.close()
    }
  }
  const clients = [...Array.from({ length: kept }, keepAlive), ...Array.from({ length: fresh }, oneByOne)]
  return {
    get answered() {
      return answered
    },
    async stop() {
      stopping.abort()
      await Promise.all(clients)
      return { answered, failures, versions, connections: connections.size }
    },
  }
}
