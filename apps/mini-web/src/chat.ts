import { html, type Context, type Reply, type SocketHandler } from '@tsgi/framework-mini'
import { ChatStore, type Line } from './chat-store.ts'
import { complaintsAbout, draftOf, MAX_MESSAGE, MAX_NAME } from './entry.ts'
import { sitePage } from './page.ts'

/** How often a process looks for what others wrote, in milliseconds, while somebody listens. */
const LOOK_EVERY = 150

type Client = Parameters<SocketHandler>[0]

export interface Chat {
  readonly open: () => void
  readonly close: () => void
  readonly page: (context: Context) => Reply
  readonly join: SocketHandler
}

/** The chapter of the chat, kept in the SQLite file at `path`. */
export function chat(path: string): Chat {
  const clients = new Set<Client>()
  let opened: ChatStore | undefined
  let timer: NodeJS.Timeout | undefined
  /** The newest line that the clients of this process have. */
  let last = 0

  const store = (): ChatStore => {
    if (opened === undefined) throw new Error('the chat is not open: the application was not started')
    return opened
  }

  function deliver(): void {
    for (const line of store().after(last)) {
      last = line.id
      // Not waited for: who reads too slowly is given up, and connects again.
      for (const client of clients) void client.send(JSON.stringify(line))
    }
  }

  function enter(client: Client, after: number): void {
    if (clients.size === 0) last = store().last
    deliver()
    for (const line of store().after(after)) void client.send(JSON.stringify(line))
    clients.add(client)
    timer ??= setInterval(() => {
      if (store().changed()) deliver()
    }, LOOK_EVERY)
  }

  function leave(client: Client): void {
    clients.delete(client)
    if (clients.size > 0) return
    clearInterval(timer)
    timer = undefined
  }

  return {
    open: () => void (opened = new ChatStore(path)),
    close: () => opened?.close(),
    page: (context) => chatPage(context),
    async join(socket, context) {
      enter(socket, Number.parseInt(context.query.get('after') ?? '0', 10) || 0)
      try {
        for await (const message of socket) {
          const line = lineOf(message)
          if (line === null) {
            socket.close(1008, 'expected a name and a message')
            break
          }
          store().add(line.name, line.message)
          deliver()
        }
      } finally {
        leave(socket)
      }
    },
  }
}

/** What a client says, where it is as the guest book would take it. */
function lineOf(message: unknown): Omit<Line, 'id'> | null {
  if (typeof message !== 'string') return null
  const draft = draftOf(new URLSearchParams(message))
  return complaintsAbout(draft) === null ? draft : null
}

const chatPage = (context: Context): Reply =>
  sitePage(
    context,
    { title: 'The chat', chapter: '/chat' },
    html`
<p class="lede">A connection that stays open both ways. Open the page twice, and talk to yourself.</p>
<form id="say" class="chat" data-chat="/chat/socket">
<p class="remark"><output class="state">Not connected.</output></p>
<ol class="entries lines" aria-live="polite"></ol>
<div class="field">
<label for="name">Name</label>
<input id="name" name="name" maxlength="${MAX_NAME}" autocomplete="name" required>
</div>
<div class="field">
<label for="message">Message</label>
<input id="message" name="message" maxlength="${MAX_MESSAGE}" autocomplete="off" required>
</div>
<button>Say it</button>
</form>
<p>Messages go by WebSocket. When the server is replaced by a new one, it says goodbye with the code 1001, and the page connects
again, to what follows, and asks for what it missed.</p>`,
  )
