/**
 * The process of a subject: starts the server that its one argument describes, tells its parent the port, and ends when it
 * is told to or when the parent is gone.
 */
import { importModule } from '@tsgi/loader'
import type { Json, ServerModule } from '@tsgi/spec/server'
import type { PeerConfig, Start } from '../subjects/subject.ts'

const OURS: Readonly<Record<string, () => Promise<{ readonly default: ServerModule }>>> = {
  'event-loop': () => import('@tsgi/server-event-loop'),
  cluster: () => import('@tsgi/server-cluster'),
  process: () => import('@tsgi/server-process'),
}

interface Started {
  readonly port: number
  close(): Promise<unknown>
}

async function start(how: Start): Promise<Started> {
  if (how.kind === 'peer') return await startPeer(how.module, how.config)
  if (how.kind === 'tsgi') return await startTsgi(how)
  throw new Error(`expected a server that runs in a process of ours; came ${how.kind}`)
}

/** A module in `peers/`: a server as its users start it, on a port of the loopback interface that the system chooses. */
interface Peer {
  listen(config: PeerConfig | null): Promise<number>
}

async function startPeer(module: string, config: PeerConfig | null): Promise<Started> {
  const ending = import.meta.url.endsWith('.ts') ? '.ts' : '.js'
  const peer = (await import(new URL(`../peers/${module}${ending}`, import.meta.url).href)) as Peer
  return { port: await peer.listen(config), close: async () => process.exit(0) }
}

async function startTsgi({ server, entry }: Start & { kind: 'tsgi' }): Promise<Started> {
  const module = OURS[server] === undefined ? await importModule(server, process.cwd()) : await OURS[server]()
  const serverModule = module.default as ServerModule
  const running = await serverModule.serve(
    { module: import.meta.resolve('@tsgi/loader/entry'), config: { ...entry } as Json },
    { listen: [{ host: '127.0.0.1', port: 0 }] },
  )
  const [address] = running.addresses
  if (address === undefined || address.family === 'unix') throw new Error(`${server} gave no address with a port`)
  return { port: address.port, close: () => running.close({ graceful: 0 }) }
}

/** For a row of a table: what is wrong, and where if only the place tells. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return 'code' in error ? error.message : (error.stack?.split('\n').slice(0, PLACES).join('\n') ?? error.message)
}

const PLACES = 4

async function startOrEnd(how: Start): Promise<Started> {
  try {
    return await start(how)
  } catch (error) {
    process.stderr.write(`${reasonOf(error)}\n`)
    process.exit(1)
  }
}

const started = await startOrEnd(JSON.parse(process.argv[2] ?? '') as Start)
const end = (): void => void started.close().then(() => process.exit(0))
process.once('SIGTERM', end)
// Ctrl-C in the terminal reaches the whole group; the parent decides when this ends.
process.on('SIGINT', () => {})
process.once('disconnect', end)
process.send?.({ port: started.port })
