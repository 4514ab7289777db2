import type { Application } from '@tsgi/spec'

/** An application as it stands `depth` segments down: it gets a copied environ, its raw path divided (SPEC "Paths"). */
export function mounted(application: Application, depth: number): Application {
  return (environ, startResponse) => {
    const { scriptName, pathInfo } = environ
    let end = 0
    for (let i = 0; i < depth && end !== -1; i += 1) end = pathInfo.indexOf('/', end + 1)
    if (end === -1) end = pathInfo.length
    const divided = { scriptName: scriptName + pathInfo.slice(0, end), pathInfo: pathInfo.slice(end) }
    return application({ ...environ, ...divided }, startResponse)
  }
}
