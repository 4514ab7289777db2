/** Text for a page; what goes into `markup` is escaped, but for what `markup` made. */
export class Markup {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

export type Insertable = Markup | string | number | readonly Insertable[]

export function markup(parts: TemplateStringsArray, ...values: readonly Insertable[]): Markup {
  return new Markup(parts.reduce((text, part, at) => text + inserted(values[at - 1] ?? '') + part))
}

function inserted(value: Insertable): string {
  if (value instanceof Markup) return value.text
  if (typeof value === 'object') return value.map((item) => inserted(item)).join('')
  return String(value).replaceAll(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`)
}
