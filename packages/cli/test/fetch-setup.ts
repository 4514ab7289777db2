export const APP = `
export const count = async (environ, startResponse) => {
  let bytes = 0
  for await (const chunk of environ.input) bytes += chunk.length
  startResponse(201, ['x-bytes', String(bytes)])
  return environ.requestMethod + ' ' + bytes
}
export const missing = (environ, startResponse) => { startResponse(404, []); return 'not here' }
export const failing = (environ, startResponse) => { throw new Error('it failed') }
export const broken = (environ, startResponse) => {
  startResponse(200, [])
  return (function* () { yield 'half'; throw new Error('the other half') })()
}
export const rich = (environ, startResponse) => {
  environ.server.earlyHints?.(['link', '</a.css>; rel=preload'])
  environ.server.trailers?.(() => ['x-sum', '42'])
  startResponse(200, ['set-cookie', 'a=1', 'set-cookie', 'b=2'])
  return (function* () { yield 'body' })()
}
export const hooked = Object.assign((environ, startResponse) => { startResponse(200, []); return 'answered ' }, {
  startup() { process.stdout.write('started ') },
  async shutdown() { process.stdout.write('ended') },
})
`
