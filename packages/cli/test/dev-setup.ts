import http from 'node:http'

export const PAGE = `export default (environ, startResponse) => {
  startResponse(200, ['content-type', 'text/html'])
  return '<p>hello ' + environ.pathInfo
}
`
const HTML = { headers: { accept: 'text/html', connection: 'close' } }

/** Of a folder in which the application does not load. */
export const shown = async (url: string): Promise<{ status: number; body: string }> => {
  const response = await fetch(url, HTML)
  return { status: response.status, body: await response.text() }
}

export const statusOf = (url: string, host: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    http.get(url, { headers: { host } }, (response) => resolve(response.resume().statusCode)).on('error', reject)
  })
