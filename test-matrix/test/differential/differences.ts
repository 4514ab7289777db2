/** What differs between the reading of SPEC.md in the validator and a carrier. */
import { byTheBook, type Carrier, type Seen } from './carriers.ts'
import type { Plan } from './plan.ts'
import { Performance } from './planned-application.ts'

const LENGTH = 'content-length'

/** Of a carrier's own: dates, framing, and what is said of the connection (H.6, H.7, L.2). */
const OF_THE_CARRIER = new Set(['date', 'server', 'connection', 'keep-alive', 'transfer-encoding', LENGTH])

const WITHOUT_BODY = new Set([204, 205, 304])

/** For an application that hangs. In ms; all others take one or two. */
const PATIENCE = 5_000

interface Account {
  readonly seen: unknown
  readonly events: readonly string[]
  readonly calls: readonly string[]
}

/** Both accounts of a plan, equal where the carrier keeps to SPEC. */
export async function accounts(plan: Plan, carrier: Carrier): Promise<{ expected: Account; got: Account }> {
  const reference = new Performance(plan)
  const book = await inTime(reference, byTheBook(reference, plan.method, carrier.full))
  const performance = new Performance(plan)
  const seen = await inTime(performance, carrier.carry(performance, plan.method))
  return { expected: account(reference, book, book, carrier), got: account(performance, seen, book, carrier) }
}

/** @throws Error where there is no end */
async function inTime(performance: Performance, seeing: Promise<Seen>): Promise<Seen> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => reject(new Error(`no end after ${PATIENCE} ms; so far: ${performance.events.join(', ')}`)),
    PATIENCE,
  )
  try {
    const seen = await Promise.race([seeing, promise])
    await Promise.race([performance.atRest(), promise])
    return seen
  } finally {
    clearTimeout(timer)
  }
}

function account(performance: Performance, seen: Seen, book: Seen, carrier: Carrier): Account {
  const { events, calls, leftEarly } = performance
  return { seen: comparable(performance, seen, book, carrier), events: leftEarly ? events.toSorted() : events, calls }
}

function comparable(performance: Performance, seen: Seen, book: Seen, carrier: Carrier): unknown {
  // What reaches a client that leaves is a matter of time.
  if (performance.hasLeft) return 'the client left'
  const { status, whole, body, trailers, hints } = seen
  // A response that breaks off may lose what was sent before, its head too.
  if (!book.whole) {
    const isSeen = !endsByItself(performance.method, book)
    return { whole: isSeen && whole, status: status ?? book.status, begins: book.body.startsWith(body) }
  }
  if (book.own === true) return { whole, status, hints }
  return { status, whole, body, trailers, hints, length: lengthOf(seen), fields: fieldsOf(seen, carrier) }
}

/** Its head says where it ends, and it has come to there: nobody sees that it broke off then. */
function endsByItself(method: string, book: Seen): boolean {
  if (method === 'HEAD' || WITHOUT_BODY.has(book.status ?? 0)) return true
  return lengthOf(book) === String(book.body.length)
}

const lengthOf = ({ fields }: Seen): string | undefined => fields.find(([name]) => name.toLowerCase() === LENGTH)?.[1]

function fieldsOf({ fields }: Seen, carrier: Carrier): unknown {
  const own = fields.filter(([name]) => !OF_THE_CARRIER.has(name.toLowerCase()))
  if (carrier.full) return own
  // `Headers` sorts and joins, all but cookies.
  const headers = new Headers()
  for (const [name, value] of own) headers.append(name, value)
  // A `Response` takes them once more, without outer whitespace.
  return [...new Headers(headers)]
}
