import type { Finding } from './finding.ts'

/** Requests that are named; the rest are counted. */
const NAMED = 3

/** Findings in words: the same breach in many requests is one, with the requests that it was seen in. */
export function describeFindings(findings: readonly Finding[]): string[] {
  const alike = Map.groupBy(findings, (finding) => String(finding).replace(requestLine(finding), ''))
  return [...alike.values()].map((those) => {
    const [first] = those as [Finding]
    const requests = [...new Set(those.flatMap(({ request }) => request ?? []))]
    const more = requests.length > NAMED ? ` and ${requests.length - NAMED} more` : ''
    const times = those.length > requests.length ? `, ${those.length} times` : ''
    return String(first).replace(
      requestLine(first),
      () => `\n  in ${requests.slice(0, NAMED).join(', ')}${more}${times}`,
    )
  })
}

const requestLine = ({ request }: Finding): string => (request === null ? '\0' : `\n  in ${request}`)
