// Draws the figures of the report from the data that the page holds, at the width that there is.
const view = JSON.parse(document.getElementById('view').textContent)
const style = { background: 'transparent', color: 'currentColor', fontSize: '12px', fontFamily: 'inherit' }
const VERDICTS = ['less', 'more', 'tie']
const SERVERS = [...new Set(view.workloads.flatMap(({ latency }) => latency.points.map(({ server }) => server)))]
// Told apart by the colour-blind as well, in the light and in the dark.
const COLOURS = ['#0f8a7e', '#d1572c', '#7a6ff0', '#b8860b', '#8a8f98', '#c2408a']

const draw = {
  ratios({ bars }, width) {
    const longest = Math.max(...bars.map(({ label }) => label.length))
    return Plot.plot({
      width,
      height: 56 + 30 * bars.length,
      marginBottom: 38,
      marginLeft: Math.min(8 + 6.6 * longest, width * 0.46),
      marginRight: 44,
      style,
      ariaLabel: 'Cost as a multiple of what is compared with',
      x: {
        label: 'multiple of the cost',
        labelAnchor: 'left',
        labelArrow: 'none',
        domain: [0, Math.max(1.1, ...bars.map(({ high }) => high)) * 1.02],
        grid: true,
        ticks: 5,
      },
      y: { label: null, domain: bars.map(({ label }) => label), tickSize: 0 },
      marks: [
        ...VERDICTS.map((verdict) =>
          Plot.barX(
            bars.filter((bar) => bar.verdict === verdict),
            { y: 'label', x: 'ratio', fill: `var(--${verdict})`, insetTop: 4, insetBottom: 4 },
          ),
        ),
        Plot.ruleX([1], { stroke: 'currentColor', strokeDasharray: '3 3' }),
        Plot.link(bars, { x1: 'low', x2: 'high', y1: 'label', y2: 'label', stroke: 'currentColor', strokeWidth: 2 }),
        Plot.text(bars, { y: 'label', x: 'high', text: 'text', textAnchor: 'start', dx: 6, fill: 'currentColor' }),
      ],
    })
  },
  latency({ points }, width) {
    // Beside each other where there is room: the rows of an application are what is to be told apart.
    const apps = [...new Set(points.map(({ app }) => app))]
    const columns = Math.max(1, Math.min(apps.length, 4, Math.floor(width / 165)))
    const lines = Math.ceil(apps.length / columns)
    const column = ({ app }) => apps.indexOf(app) % columns
    const line = ({ app }) => Math.floor(apps.indexOf(app) / columns)
    const facet = { fx: column, fy: line }
    const of = (kind) => points.filter(({ percentile }) => percentile === kind)
    const channels = { x: 'rate', y: 'value', z: 'label', stroke: 'server', ...facet }
    return Plot.plot({
      width,
      height: 60 + 170 * lines,
      marginLeft: 46,
      marginBottom: 40,
      style,
      ariaLabel: 'Latency against offered load',
      x: {
        label: 'requests per second',
        domain: [0, Math.max(...points.map(({ rate }) => rate)) * 1.05],
        ticks: 3,
        tickFormat: 's',
      },
      y: { label: 'milliseconds', type: 'log', grid: true, ticks: 4, tickFormat: (value) => String(value) },
      fx: { axis: null, padding: 0.12 },
      fy: { axis: null, padding: 0.12 },
      color: {
        legend: true,
        domain: SERVERS.filter((name) => points.some(({ server }) => server === name)),
        range: COLOURS,
      },
      marks: [
        Plot.frame({ stroke: 'var(--line)' }),
        Plot.line(of('p99'), { ...channels, strokeWidth: 2 }),
        Plot.line(of('p50'), { ...channels, strokeDasharray: '4 3' }),
        Plot.dot(points, {
          x: 'rate',
          y: 'value',
          fill: 'server',
          r: 3,
          title: (d) => `${d.label}: ${d.percentile} ${d.value.toFixed(2)} ms at ${Math.round(d.rate)} requests/s`,
          ...facet,
        }),
        Plot.text(
          apps.map((app) => ({ app })),
          { text: 'app', frameAnchor: 'top-left', dx: 6, dy: 6, fontWeight: 600, ...facet },
        ),
      ],
    })
  },
  grid({ cells }, width) {
    const apps = [...new Set(cells.map(({ app }) => app))]
    const servers = [...new Set(cells.map(({ server }) => server))]
    const longest = Math.max(...servers.map((server) => server.length))
    const rotated = width < 500 && apps.length > 4
    return Plot.plot({
      width: Math.min(width, 120 + 110 * apps.length),
      height: (rotated ? 62 : 46) + 38 * servers.length,
      marginTop: rotated ? 46 : 30,
      marginLeft: 12 + 6.8 * longest,
      style,
      ariaLabel: 'Cost of each pairing',
      x: { label: null, domain: apps, axis: 'top', tickSize: 0, tickRotate: rotated ? -35 : 0 },
      y: { label: null, domain: servers, tickSize: 0 },
      opacity: { range: [0.08, 0.75] },
      marks: [
        Plot.cell(cells, { x: 'app', y: 'server', fill: 'var(--heat)', fillOpacity: 'value', inset: 1, rx: 3 }),
        Plot.text(cells, {
          x: 'app',
          y: 'server',
          text: 'text',
          fill: 'currentColor',
          fontSize: width < 500 ? 10 : 12,
        }),
      ],
    })
  },
}

function drawAll() {
  for (const figure of document.querySelectorAll('figure[data-draw]')) {
    // A tab that was opened in the background has no width yet; it is told when it gets one.
    if (figure.clientWidth === 0) continue
    const [kind, workload] = figure.dataset.draw.split(' ')
    const data = view.workloads[Number(workload)][kind]
    const drawing = draw[kind](data, figure.clientWidth)
    figure.querySelector('.drawing').replaceChildren(drawing)
  }
}

let width = 0
new ResizeObserver(() => {
  if (document.body.clientWidth === width) return
  width = document.body.clientWidth
  drawAll()
}).observe(document.body)

// Paper cannot be clicked.
addEventListener('beforeprint', () => {
  for (const folded of document.querySelectorAll('details')) folded.open = true
})
