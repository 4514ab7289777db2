import type { Running } from './command.ts'

export const APP = `export default (environ, startResponse) => { startResponse(200, []); return 'hello' }`

/** Where `--metrics` answers, once it does. */
export async function metricsUrl(tsgi: Running): Promise<string> {
  return (await tsgi.said(/metrics on (http:\/\/[^ "]+\/metrics)/))[1] as string
}

/** What it answers now. */
export async function scrape(tsgi: Running): Promise<string> {
  const response = await fetch(await metricsUrl(tsgi))
  if (response.status !== 200) throw new Error(`expected 200 of /metrics, got ${response.status}`)
  return response.text()
}

/** Of all series of a metric together. */
export function sumOf(text: string, name: string): number {
  const lines = text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0)
}

export const REQUESTS = 'http_server_request_duration_seconds_count'
