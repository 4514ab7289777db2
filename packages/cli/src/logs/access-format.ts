/** `--access-log-format` with a line of one's own: gunicorn's `%(name)s` and nginx's `$name`, also side by side. */
import { GUNICORN_FIELDS, NGINX_FIELDS, requestField, type AccessField } from './access-fields.ts'
import type { AccessFormat } from './access-log.ts'

const PLACE = /%%|%\([^()]*\)s|\$\{?\w+\}?/g

/**
 * @returns the format, or what is wrong with the text; a text without any field is no format
 */
export function parseAccessFormat(text: string): AccessFormat | { readonly problem: string } {
  const parts: (string | AccessField)[] = []
  let end = 0
  for (const { 0: place, index } of text.matchAll(PLACE)) {
    parts.push(text.slice(end, index))
    end = index + place.length
    const found = place === '%%' ? '%' : place.startsWith('$') ? nginxField(place) : gunicornField(place.slice(2, -2))
    if (found === undefined) return { problem: `the field ${place} is not known here` }
    parts.push(found)
  }
  parts.push(text.slice(end))
  if (!parts.some((part) => typeof part === 'function')) return { problem: 'it has no field' }
  return (record) => `${parts.map((part) => (typeof part === 'string' ? part : part(record))).join('')}\n`
}

const own = (fields: Readonly<Record<string, AccessField>>, name: string): AccessField | undefined =>
  Object.hasOwn(fields, name) ? fields[name] : undefined

function gunicornField(name: string): AccessField | undefined {
  if (name.startsWith('{') && name.endsWith('}i')) return requestField(name.slice(1, -2).toLowerCase())
  return own(GUNICORN_FIELDS, name)
}

/** @param place `$name`, or `${name}` */
function nginxField(place: string): AccessField | undefined {
  const name = place.replaceAll(/[${}]/g, '')
  return (
    own(NGINX_FIELDS, name) ??
    (name.startsWith('http_') ? requestField(name.slice('http_'.length).replaceAll('_', '-')) : undefined)
  )
}

/** For messages. */
export const KNOWN_FIELDS: string = [
  ...Object.keys(GUNICORN_FIELDS).map((name) => `%(${name})s`),
  '%({x-field}i)s',
  ...Object.keys(NGINX_FIELDS).map((name) => `$${name}`),
  '$http_x_field',
].join(' ')
