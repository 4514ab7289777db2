/** Paths of the command's own, in front of the application. */
export const OWN_PATHS = '/.tsgi/'

/** Where the script of pages is, and where it hears of a new server. */
export const SCRIPT_PATH = '/.tsgi/live-reload.js'
export const EVENTS_PATH = '/.tsgi/live-reload'

/**
 * Reloads the page when another process serves than the one that made it. The connection is given up while the page is hidden,
 * since browsers allow six for each host. `?` in its own address is the process that made the page.
 */
export const CLIENT: string = `(() => {
  if (window.__tsgiLiveReload) return
  window.__tsgiLiveReload = true
  const made = new URL(document.currentScript.src).searchParams.get('by')
  let events
  function open() {
    if (events !== undefined || document.hidden) return
    events = new EventSource('${EVENTS_PATH}')
    events.onmessage = ({ data }) => {
      if (data !== made) location.reload()
    }
    events.onerror = () => {
      if (events.readyState !== EventSource.CLOSED) return
      close()
      setTimeout(open, 1000)
    }
  }
  function close() {
    if (events !== undefined) events.close()
    events = undefined
  }
  document.addEventListener('visibilitychange', () => (document.hidden ? close() : open()))
  addEventListener('pagehide', close)
  addEventListener('pageshow', open)
  open()
})()
`
