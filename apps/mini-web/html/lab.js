/** The lab: asks for a pulse ten times a second, counts what comes and what does not, and draws the last of them. */
const lab = document.querySelector('[data-lab]')
const INTERVAL = 100
const PATIENCE = 2000
const SHOWN = 120
const SVG = 'http://www.w3.org/2000/svg'

const show = (name, text) => (lab.querySelector(`[data-${name}]`).textContent = text)
const pulses = lab.querySelector('.pulses')
const counts = { answered: 0, lost: 0 }
const seen = new Map()
const history = []

function draw() {
  pulses.replaceChildren(
    ...history.map((pid, x) => {
      const bar = document.createElementNS(SVG, 'rect')
      bar.setAttribute('x', x + 0.15)
      bar.setAttribute('width', 0.7)
      bar.setAttribute('y', pid === null ? 18 : 0)
      bar.setAttribute('height', pid === null ? 2 : 20)
      bar.setAttribute('class', pid === null ? 'lost' : 'answered')
      if (pid !== null) bar.style.setProperty('--turn', `${(seen.get(pid) * 137) % 360}deg`)
      return bar
    }),
  )
}

function note(pid) {
  history.push(pid)
  if (history.length > SHOWN) history.shift()
  show('answered', counts.answered)
  show('lost', counts.lost)
  show('seen', seen.size)
  draw()
}

async function pulse() {
  try {
    const response = await fetch(lab.dataset.lab, { cache: 'no-store', signal: AbortSignal.timeout(PATIENCE) })
    if (!response.ok) throw new Error(response.statusText)
    const { pid, answered, age, megabytes } = await response.json()
    counts.answered += 1
    if (!seen.has(pid)) seen.set(pid, seen.size)
    show('now', `Process ${pid}: ${age} s old, ${answered} answers, ${megabytes} MB.`)
    note(pid)
  } catch {
    counts.lost += 1
    note(null)
  }
}

setInterval(pulse, INTERVAL)

for (const button of lab.querySelectorAll('[data-experiment]')) {
  button.addEventListener('click', async () => {
    show('said', `${button.textContent}…`)
    try {
      const response = await fetch(button.dataset.experiment, {
        method: 'POST',
        headers: { accept: 'application/json' },
      })
      if (response.headers.get('content-type')?.startsWith('application/json'))
        show('said', (await response.json()).said)
      else {
        const page = new DOMParser().parseFromString(await response.text(), 'text/html')
        show('said', page.querySelector('.lede')?.textContent ?? `${response.status} ${response.statusText}`)
      }
    } catch {
      show('said', `${button.textContent}: the connection broke before an answer came.`)
    }
  })
}
