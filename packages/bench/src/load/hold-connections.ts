import { RawConnection } from './raw-connection.ts'

export interface Held {
  readonly held: number
  release(): void
}

const AT_ONCE = 100

/** Opens that many connections, asks on each of them once, and keeps them. */
export async function holdConnections(port: number, count: number, request: Buffer): Promise<Held> {
  const open = new Set<RawConnection>()
  for (let at = 0; at < count; at += AT_ONCE) {
    const batch = Array.from({ length: Math.min(AT_ONCE, count - at) }, async () => {
      const connection = new RawConnection(port, (closed) => open.delete(closed))
      open.add(connection)
      await connection.ask(request)
    })
    await Promise.all(batch)
  }
  return {
    held: open.size,
    release() {
      for (const connection of open) connection.destroy()
    },
  }
}
