// Draws the figures of the report from the data that the page holds, at the width that there is.
const view = JSON.parse(document.getElementById('view').textContent)
const style = { background: 'transparent', color: 'currentColor', fontSize: '12px', fontFamily: 'inherit' }
const VERDICTS = ['less', 'more', 'tie']

const draw = {
  ratios({ bars }, width) {
    const longest = Math.max(...bars.map(({ label }) => label.length))
    return Plot.plot({
      width,
      height: 44 + 30 * bars.length,
      marginLeft: Math.min(8 + 6.6 * longest, width * 0.46),
      marginRight: 44,
      style,
      ariaLabel: 'Cost as a multiple of what is compared with',
      x: {
        label: 'multiple of the cost',
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
    const rows = [...new Set(points.map(({ label }) => label))]
    return Plot.plot({
      width,
      height: 300,
      marginLeft: 52,
      marginBottom: 40,
      style,
      ariaLabel: 'Latency against offered load',
      x: { label: 'requests per second', domain: [0, Math.max(...points.map(({ rate }) => rate)) * 1.05], ticks: 4 },
      y: { label: 'milliseconds', type: 'log', grid: true, tickFormat: (value) => String(value) },
      color: { legend: true, domain: rows },
      marks: [
        Plot.line(
          points.filter(({ percentile }) => percentile === 'p99'),
          { x: 'rate', y: 'value', stroke: 'label', strokeWidth: 2 },
        ),
        Plot.line(
          points.filter(({ percentile }) => percentile === 'p50'),
          {
            x: 'rate',
            y: 'value',
            stroke: 'label',
            strokeDasharray: '4 3',
          },
        ),
        Plot.dot(points, {
          x: 'rate',
          y: 'value',
          fill: 'label',
          r: 3,
          title: (d) => `${d.label}: ${d.percentile} ${d.value.toFixed(2)} ms`,
        }),
      ],
    })
  },
  grid({ cells }, width) {
    const apps = [...new Set(cells.map(({ app }) => app))]
    const longest = Math.max(...cells.map(({ server }) => server.length))
    return Plot.plot({
      width: Math.min(width, 120 + 110 * apps.length),
      height: 46 + 38 * new Set(cells.map(({ server }) => server)).size,
      marginLeft: 12 + 6.8 * longest,
      style,
      ariaLabel: 'Cost of each pairing',
      x: { label: null, domain: apps, axis: 'top', tickSize: 0, tickRotate: width < 500 && apps.length > 4 ? -35 : 0 },
      y: { label: null, tickSize: 0 },
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
