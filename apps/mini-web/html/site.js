/** Every page works without this file; with it, two of them are more lively. */

// A file cannot know who serves it.
const colophon = document.querySelector('[data-served-by]')
if (colophon !== null) {
  fetch('/served-by')
    .then((response) => (response.ok ? response.text() : Promise.reject(new Error(response.statusText))))
    .then((line) => (colophon.textContent = line))
    .catch(() => {})
}

const clock = document.querySelector('[data-clock]')
if (clock !== null) {
  const digits = clock.querySelector('.digits')
  const ticks = new EventSource(clock.dataset.clock)
  ticks.addEventListener('tick', ({ data }) => {
    const { time, hands } = JSON.parse(data)
    digits.textContent = time
    digits.dateTime = time
    for (const [hand, degrees] of Object.entries(hands)) {
      clock.querySelector(`.${hand}`).setAttribute('transform', `rotate(${degrees})`)
    }
  })
}
