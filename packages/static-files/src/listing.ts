/** The page that shows what is in a folder. */

/** @param path of the folder as the client sees it, decoded @param names those of folders end in a slash */
export function listingPage(path: string, names: readonly string[]): string {
  const sorted = [...names].sort(
    (a, b) => Number(b.endsWith('/')) - Number(a.endsWith('/')) || a.localeCompare(b, 'en', { numeric: true }),
  )
  const items = (path === '/' ? sorted : ['../', ...sorted]).map(
    (name) => `<li><a href="${href(name)}">${escapeHtml(name)}</a></li>`,
  )
  const title = `Files in ${escapeHtml(path)}`
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>body{font:1rem/1.6 system-ui,sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem}</style>
<h1>${title}</h1>
<ul>
${items.join('\n')}
</ul>
</html>
`
}

/** `./` keeps a name with a colon from being read as a scheme. */
function href(name: string): string {
  if (name === '../') return name
  const slash = name.endsWith('/') ? '/' : ''
  return `./${encodeURIComponent(name.slice(0, name.length - slash.length))}${slash}`
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escapeHtml = (text: string): string => text.replaceAll(/[&<>"']/g, (char) => ENTITIES[char] as string)
