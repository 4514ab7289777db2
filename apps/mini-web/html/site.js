/** Every page works without this file; with it, the clock moves. The chat alone needs it. */

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

const chat = document.querySelector('[data-chat]')
if (chat !== null) {
  const state = chat.querySelector('.state')
  const lines = chat.querySelector('.lines')
  let socket
  let last = 0
  let connections = 0
  let wait = 100

  const connect = () => {
    socket = new WebSocket(`${location.origin.replace('http', 'ws')}${chat.dataset.chat}?after=${last}`)
    socket.addEventListener('open', () => {
      wait = 100
      connections++
      state.textContent = connections === 1 ? 'Connected.' : `Connected again; connection ${connections} of this page.`
      state.dataset.connections = connections
    })
    socket.addEventListener('message', ({ data }) => {
      const { id, name, message } = JSON.parse(data)
      if (id <= last) return
      last = id
      const line = document.createElement('li')
      const who = document.createElement('b')
      who.textContent = name
      line.append(who, `: ${message}`)
      line.dataset.id = id
      lines.append(line)
    })
    socket.addEventListener('close', ({ code }) => {
      state.textContent = `The connection ended with ${code}; connecting again.`
      // Each attempt waits a little longer, and no two pages equally long.
      setTimeout(connect, wait * (1 + Math.random()))
      wait = Math.min(wait * 2, 5000)
    })
  }
  connect()

  chat.addEventListener('submit', (event) => {
    event.preventDefault()
    if (socket.readyState !== WebSocket.OPEN) return
    socket.send(new URLSearchParams(new FormData(chat)).toString())
    chat.elements.message.value = ''
  })
}
