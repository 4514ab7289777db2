/** The report: one file that needs nothing else, and asks nobody for anything. */
import { readFile } from 'node:fs/promises'
import { embeddable } from '../read-result.ts'
import type { BenchResult } from '../result.ts'
import { summarise, type RowSummary, type WorkloadSummary } from '../statistics/summary.ts'
import { answerOf, type Finding } from './answer.ts'
import { chartsOf, type WorkloadCharts } from './chart-data.ts'
import {
  atText,
  bytesText,
  inSentence,
  microseconds,
  percentText,
  rateText,
  ratioText,
  significant,
} from './figures.ts'
import { Markup, markup, type Insertable } from './html-text.ts'

export async function htmlReport(result: BenchResult): Promise<string> {
  const workloads = summarise(result)
  const charts = workloads.map((workload) => chartsOf(workload))
  const [style, script, plot, d3] = await Promise.all([
    readFile(new URL('../../assets/report.css', import.meta.url), 'utf8'),
    readFile(new URL('../../assets/report.js', import.meta.url), 'utf8'),
    readFile(new URL('../dist/plot.umd.min.js', import.meta.resolve('@observablehq/plot')), 'utf8'),
    readFile(new URL('d3.min.js', import.meta.resolve('d3')), 'utf8'),
  ])
  const view = JSON.stringify({ workloads: charts }).replaceAll('<', '\\u003c')
  // Nothing but what stands in the page may run or be shown: a request that left it would be refused by the browser.
  const policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"
  return markup`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="icon" href="data:,">
<title>tsgi bench, ${result.date.slice(0, 10)}</title>
<style>${new Markup(style)}</style>
</head>
<body>
<main>
${opening(result, workloads)}
${workloads.map((workload, at) => workloadSection(workload, charts[at], at))}
${voidedSection(workloads)}
${environmentSection(result)}
</main>
<script type="application/json" id="result">${new Markup(embeddable(result))}</script>
<script type="application/json" id="view">${new Markup(view)}</script>
<script>${new Markup(inlined(d3))}</script>
<script>${new Markup(inlined(plot))}</script>
<script>${new Markup(inlined(script))}</script>
</body>
</html>
`.text
}

/** A script that holds the end of a script element would end there. */
const inlined = (script: string): string => script.replaceAll('</script', String.raw`<\/script`)

function opening(result: BenchResult, workloads: readonly WorkloadSummary[]): Insertable {
  const { first, losses, wins, ties } = answerOf(workloads)
  const badge = result.mode === 'indicative' ? markup` <span class="badge">indicative</span>` : ''
  const list = (title: string, verdict: string, findings: readonly Finding[]) =>
    findings.length === 0
      ? ''
      : markup`<h3 class="${verdict}">${title}</h3><ul class="findings">${findings.map(item)}</ul>`
  const item = ({ ratio, label, workload, against, interval }: Finding) =>
    markup`<li><strong>${ratio}</strong> <span class="interval">${interval}</span> ${label}, ${workload} <span class="quiet">against ${against}</span></li>`
  const links = workloads.map(({ title }, at) => markup`<a href="#workload-${at}">${title}</a>`)
  return markup`<h1>tsgi bench · ${result.date.slice(0, 10)}${badge}</h1>
<p class="answer">${first}</p>
<p>${countsText(losses.length, wins.length, ties.length)} 1 × is as much processor time for a request as the same application takes
without TSGI; at 0.50 × the same machine answers twice as many.</p>
${result.interrupted ? markup`<p class="more">This run was interrupted; the figures are of the rounds that were finished.</p>` : ''}
${list('Costs more', 'more', losses)}
${list('Costs less', 'less', wins)}
${list('Tie', 'tie', ties)}
<p class="quiet">Processor time of the server’s whole process tree, kernel included; the median of rounds in random order, with its
interval. An application that cannot run without TSGI is compared with node:http. What two copies of one row differ by as well is a
tie.</p>
${workloads.length > 1 ? markup`<nav>${links}</nav>` : ''}`
}

/** No score: how the rows that are compared came out. */
function countsText(losses: number, wins: number, ties: number): string {
  const all = losses + wins + ties
  if (all === 0) return ''
  const of = all === 1 ? 'One row is compared' : `${all} rows are compared`
  return `${of}: ${losses} cost more, ${wins} cost less, ${ties} ${ties === 1 ? 'is a tie' : 'are ties'}.`
}

function workloadSection(workload: WorkloadSummary, charts: WorkloadCharts | undefined, at: number): Insertable {
  const { title, noise, rows } = workload
  const figure = (kind: keyof WorkloadCharts, count: number, caption: string) =>
    count === 0
      ? ''
      : markup`<figure data-draw="${kind} ${at}"><figcaption>${caption}</figcaption><div class="drawing"></div></figure>`
  const noiseText =
    noise === null
      ? 'The pair of equal rows has no figures.'
      : `Two copies of one row differ by up to ${percentText(noise)}.`
  const idle = rows.some(({ idleConnection }) => idleConnection !== null)
  return markup`<section id="workload-${at}">
<h2>${title}</h2>
<p class="quiet">${noiseText}${settledText(rows)}</p>
${figure('ratios', charts?.ratios.bars.length ?? 0, 'Cost as a multiple of what is compared with; the line is the interval, grey is a tie')}
<div class="scroll">${idle ? idleTable(rows) : loadTable(rows)}</div>
${figure('latency', charts?.latency.points.length ?? 0, 'Latency at the same offered load for all, by application: p99, dashed p50')}
${idle ? '' : latencyTables(rows)}
${figure('grid', charts?.grid.cells.length ?? 0, idle ? 'Each pairing: KiB for a connection' : 'Each pairing: µs of processor time for a request; “own” is what an application runs on without TSGI')}
</section>`
}

function settledText(rows: readonly RowSummary[]): string {
  const rounds = rows.flatMap(({ row }) => row.rounds)
  const unsettled = rounds.filter(({ warm }) => !warm).length
  if (unsettled === 0) return ''
  return ` ${unsettled} of ${rounds.length} measurements began before three warming windows had agreed within 10 %.`
}

const LATENCY_PERCENTILES = ['p50', 'p90', 'p99', 'p999'] as const

function loadTable(rows: readonly RowSummary[]): Insertable {
  return markup`<table>
<thead><tr><th></th><th>CPU per request</th><th>compared</th><th>requests/s</th><th>first 1,000</th><th>peak memory</th><th>idle CPU</th><th>errors</th></tr></thead>
<tbody>${rows.map(
    (
      row,
    ) => markup`<tr><td>${nameOf(row)}</td><td>${row.cpu === null ? '–' : `${significant(row.cpu.median)} µs`}</td>${comparedCell(row)}
<td>${rateText(row.requestsPerSecond?.median ?? null)}</td><td>${row.cold === null ? '–' : `${Math.round(row.cold.milliseconds)} ms`}</td>
<td>${bytesText(row.peakMemory)}</td><td>${percentText(row.idleCpu)}</td><td>${row.errors}</td></tr>`,
  )}</tbody></table>`
}

function latencyTables(rows: readonly RowSummary[]): Insertable {
  const shares = [...new Set(rows.flatMap(({ latencies }) => latencies.map(({ share }) => share)))]
  if (shares.length === 0) return ''
  const cells = (row: RowSummary, share: number): Insertable => {
    const found = row.latencies.find((latency) => latency.share === share)
    const figures = [...LATENCY_PERCENTILES, 'max', 'cpu'] as const
    return figures.map((name) => markup`<td>${microseconds(found?.[name] ?? null)}</td>`)
  }
  const tables = shares.map(
    (share) => markup`<h3>At ${Math.round(share * 100)} % of the slowest ceiling${rateOf(rows, share)}</h3>
<div class="scroll"><table>
<thead><tr><th></th><th>p50</th><th>p90</th><th>p99</th><th>p99.9</th><th>max</th><th>CPU per request</th></tr></thead>
<tbody>${rows.map((row) => markup`<tr><td>${nameOf(row)}</td>${cells(row, share)}</tr>`)}</tbody></table></div>`,
  )
  return markup`<details><summary>Latency in numbers</summary>${tables}</details>`
}

function rateOf(rows: readonly RowSummary[], share: number): string {
  const rate = rows.flatMap(({ latencies }) => latencies).find((latency) => latency.share === share)?.rate
  return rate === undefined ? '' : `: ${rateText(rate)} requests/s for each row`
}

function idleTable(rows: readonly RowSummary[]): Insertable {
  return markup`<table>
<thead><tr><th></th><th>memory per connection</th><th>compared</th><th>idle CPU</th><th>peak memory</th></tr></thead>
<tbody>${rows.map(
    (row) => markup`<tr><td>${nameOf(row)}</td><td>${bytesText(row.idleConnection)}</td>${comparedCell(row)}
<td>${percentText(row.idleCpu)}</td><td>${bytesText(row.peakMemory)}</td></tr>`,
  )}</tbody></table>`
}

const nameOf = ({ row }: RowSummary): Insertable =>
  markup`${row.label}${row.tuned ? markup` <span class="badge">tuned</span>` : ''}${row.failure === null ? '' : markup` <span class="badge">failed</span>`}`

function comparedCell({ comparison }: RowSummary): Insertable {
  if (comparison === null) return markup`<td></td>`
  return markup`<td class="compared ${comparison.verdict}">${ratioText(comparison.ratio)} ${comparison.against}${atText(comparison.at)}${comparison.verdict === 'tie' ? ' (tie)' : comparison.verdict === 'open' ? ' (too few rounds)' : ''}</td>`
}

function voidedSection(workloads: readonly WorkloadSummary[]): Insertable {
  const rows = workloads.flatMap(({ title, rows: all }) =>
    all.map(({ row, voided }) => ({
      name: `${row.label}, ${inSentence(title)}`,
      reasons: [...(row.failure === null ? [] : [row.failure]), ...voided],
    })),
  )
  const items = rows.flatMap(({ name, reasons: [first, ...others] }) => {
    if (first === undefined) return []
    if (others.length === 0) return [markup`<li>${name}: ${first}</li>`]
    const list = others.map((reason) => markup`<li>${reason}</li>`)
    return [
      markup`<li><details><summary>${name}: ${first}, and ${others.length} more</summary><ul>${list}</ul></details></li>`,
    ]
  })
  if (items.length === 0) return ''
  return markup`<section><h2>Void</h2><p class="quiet">These figures do not count, and are in no median.</p><ul>${items}</ul></section>`
}

function environmentSection({ environment, settings, command, date, notes, rows }: BenchResult): Insertable {
  const rounds = Math.max(0, ...rows.map((row) => row.rounds.length))
  const facts: [name: string, value: Insertable][] = [
    ['Command', markup`<code>${command}</code>`],
    ['Date', date],
    [
      'Rounds',
      `${rounds} of ${settings.rounds}, ${settings.duration} s each, ${settings.connections} connections, seed ${settings.seed}`,
    ],
    ['Processor', `${environment.processor}, ${environment.processors} of them`],
    ['Quota', environment.quota === null ? 'none' : `${environment.quota} processors`],
    ['Steal', percentText(environment.steal)],
    ['Load average', environment.loadAverage.toFixed(2)],
    ['Memory', bytesText(environment.memory)],
    ['Kernel', environment.kernel],
    ['Pinning', environment.pinning],
    ['Accounting', environment.accounting],
    ['Load', `${environment.load} for ceilings; paced requests for latency`],
    [
      'Versions',
      Object.entries(environment.versions)
        .map(([name, version]) => `${name} ${version}`)
        .join(', '),
    ],
    ['Commit', environment.commit ?? 'unknown'],
    ['Node flags', environment.nodeFlags.join(' ') || 'none'],
  ]
  return markup`<section><h2>Environment</h2>
${notes.map((note) => markup`<p>${note}</p>`)}
<dl>${facts.map(([name, value]) => markup`<dt>${name}</dt><dd>${value}</dd>`)}</dl></section>`
}
