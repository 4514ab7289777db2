import { html, type Context, type Html, type Reply } from '@tsgi/framework-mini'
import { sitePage } from './page.ts'

const EXPERIMENTS = [
  ['reload', 'Reload', 'New code, as a deploy brings it'],
  ['kill', 'Kill', 'SIGKILL to the process that serves you'],
  ['hang', 'Hang', 'It computes and answers nobody'],
  ['leak', 'Leak', '32 MB that it never gives back'],
] as const

type Experiment = (typeof EXPERIMENTS)[number][0]

const EXPECTATIONS: readonly (readonly [server: string, Readonly<Record<Experiment, string>>])[] = [
  [
    'event-loop',
    {
      reload: 'Not possible: with one process there is nobody to listen meanwhile.',
      kill: 'Everything ends. Somebody else has to start it again.',
      hang: 'Everybody waits until it is done.',
      leak: 'It grows until the machine has no more.',
    },
  ],
  [
    'cluster',
    {
      reload: 'New workers start, then the old ones finish and leave. Nothing is lost.',
      kill: 'Who that worker was serving loses an answer. A new one takes its place within a second.',
      hang: 'One worker’s clients wait; after the worker timeout it is killed and replaced. Your browser asks again when a kept connection breaks, so the next may follow.',
      leak: 'One worker grows. With --max-rss it is replaced in time.',
    },
  ],
  [
    'process',
    {
      reload: 'Waiting processes are replaced; those that serve finish first. Nothing is lost.',
      kill: 'One connection ends, yours. Nobody else notices.',
      hang: 'One connection waits until the worker timeout. Nobody else notices.',
      leak: 'It is gone with the connection.',
    },
  ],
]

export function labPage(context: Context): Reply {
  const { name } = context.environ.server
  return sitePage(
    context,
    { title: 'The lab', chapter: null },
    html`
<p class="lede">Break the process that serves you, and see who is hurt. This page asks for an answer ten times a second and
counts those that never come.</p>
<section class="lab" data-lab="/lab/pulse" aria-label="Experiments">
<dl class="counts">
<div><dt>answered</dt><dd data-answered>0</dd></div>
<div><dt>lost</dt><dd data-lost>0</dd></div>
<div><dt>processes seen</dt><dd data-seen>0</dd></div>
</dl>
<svg class="pulses" viewBox="0 0 120 20" preserveAspectRatio="none" role="img" aria-label="The last 120 answers; a gap is one that was lost"></svg>
<p class="small" data-now aria-live="polite">Waiting for the first answer.</p>
<div class="experiments">
${EXPERIMENTS.map(([path, label, effect]) => html`<button type="button" data-experiment="/lab/${path}" title="${effect}">${label}</button>\n`)}</div>
<p data-said role="status"></p>
</section>
<h2>What to expect</h2>
<div class="scroll"><table>
<caption>You are served by <strong>${name}</strong>.</caption>
<thead><tr><th scope="col">server</th>${EXPERIMENTS.map(([, label]) => html`<th scope="col">${label}</th>`)}</tr></thead>
<tbody>
${EXPECTATIONS.map(([server, expected]) => row(server, expected, name))}</tbody>
</table></div>
<p class="remark">The lab is open while you develop. In production there is no such page.</p>
<script src="/lab.js" defer></script>`,
  )
}

function row(server: string, expected: Readonly<Record<Experiment, string>>, name: string): Html {
  const here = name.includes(server) && html` class="here"`
  return html`<tr${here}><th scope="row">${server}</th>${EXPERIMENTS.map(([path, label]) => html`<td data-label="${label}">${expected[path]}</td>`)}</tr>\n`
}
