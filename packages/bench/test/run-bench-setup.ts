export const APPS = {
  'good.mjs': `export default (environ, startResponse) => { startResponse(200, ['content-type', 'text/plain']); return 'good' }`,
  'dies.mjs': `let count = 0
    export default (environ, startResponse) => {
      if (++count > 200) process.kill(process.pid, 'SIGKILL')
      startResponse(200, [])
      return 'for now'
    }`,
  'missing.mjs': `export default (environ, startResponse) => { startResponse(404, []); return 'no' }`,
  'fails.mjs': `throw new Error('no database')`,
}
