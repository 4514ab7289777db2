import { posix } from 'node:path'
import { type Home, sourceUrl } from './manifest-rules.ts'

const LINK = /(!?)(\[[^\]]*\])\(([^)\s]+)\)/g

/**
 * Markdown whose relative links lead to the repository's home, so that they work wherever a package's README is shown.
 *
 * @param file from the root of the repository, such as `packages/spec/README.md`
 */
export const absoluteLinks = (markdown: string, file: string, home: Home): string =>
  markdown.replace(LINK, (whole, image: string, label: string, target: string) => {
    const path = repositoryPath(target, file)
    if (path === null) return whole
    const [place = '', hash] = path.split('#')
    const kind = image === '!' ? 'raw' : posix.extname(place) === '' ? 'tree' : 'blob'
    return `${image}${label}(${sourceUrl(home, place, kind)}${hash === undefined ? '' : `#${hash}`})`
  })

/** Relative links of a Markdown file, as paths from the root of the repository. */
export const relativeLinks = (markdown: string, file: string): readonly string[] =>
  [...markdown.matchAll(LINK)]
    .map(([, , , target = '']) => repositoryPath(target, file))
    .filter((path) => path !== null)

function repositoryPath(target: string, file: string): string | null {
  if (/^(?:[a-z][a-z0-9+.-]*:|#|\/)/i.test(target)) return null
  return posix.join(posix.dirname(file), target).replace(/\/$/, '')
}
