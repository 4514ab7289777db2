import { setTimeout as sleep } from 'node:timers/promises'
import { events, html, type Context, type Html, type Reply, type ServerEvent } from '@tsgi/framework-mini'
import { sitePage } from './page.ts'

type Hands = Readonly<Record<'hour' | 'minute' | 'second', number>>

export function timePage(context: Context): Reply {
  const now = new Date()
  return sitePage(
    context,
    { title: 'The time', chapter: '/time' },
    html`
<p class="lede">By the clock of the machine that answered you, in coordinated universal time.</p>
<div class="clock" data-clock="/time/ticks">
${face(handsAt(now))}
<time class="digits" datetime="${now.toISOString()}">${timeOfDay(now)}</time>
</div>
<p>The page was made at <time class="made">${now.toISOString()}</time>. Load it again, and it is made again.</p>
<p class="remark">Without its script the clock stands still, and tells when the page was made.</p>
<p>The hands move by <em>server-sent events</em>: one response that stays open, to which the server adds a line each
second. A generator writes it, and ends when you leave.</p>`,
  )
}

/** An event at the turn of each second. */
export function ticks({ signal }: Context): Reply {
  return events(everySecond(signal))
}

async function* everySecond(signal: AbortSignal): AsyncGenerator<ServerEvent> {
  while (!signal.aborted) {
    const now = new Date()
    yield { event: 'tick', data: { time: timeOfDay(now), hands: handsAt(now) } }
    await sleep(1000 - (Date.now() % 1000), undefined, { signal }).catch(() => {})
  }
}

const timeOfDay = (date: Date): string => date.toISOString().slice(11, 19)

/** Degrees from twelve o'clock. */
function handsAt(date: Date): Hands {
  const seconds = (date.getTime() / 1000) % 43_200
  return {
    hour: Math.round(seconds / 120),
    minute: Math.round(((seconds % 3600) / 10) * 10) / 10,
    second: Math.floor(seconds % 60) * 6,
  }
}

function face({ hour, minute, second }: Hands): Html {
  const marks = Array.from({ length: 12 }, (_, n) => {
    const start = n % 3 === 0 ? -82 : -86
    return html`<path class="mark" d="M0 ${start}V-91" stroke-width="${n % 3 === 0 ? 2.5 : 1.5}" transform="rotate(${n * 30})"/>`
  })
  return html`<svg viewBox="-100 -100 200 200" role="img" aria-label="A clock">
<circle class="face" r="97" stroke-width="2"/>
${marks}
<path class="hand hour" d="M0 9V-48" stroke-width="5" transform="rotate(${hour})"/>
<path class="hand minute" d="M0 12V-74" stroke-width="3" transform="rotate(${minute})"/>
<path class="hand second" d="M0 18V-80" stroke-width="1.5" transform="rotate(${second})"/>
<circle class="hub" r="4"/>
</svg>`
}
