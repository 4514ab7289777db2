/** Markup that templates and {@link html} insert as it is. Everything else they escape. */
export class SafeHtml {
  readonly markup: string
  constructor(markup: string) {
    this.markup = markup
  }
}

const ENTITIES: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": '#39' }

/** For text and quoted attributes. `null`, `undefined`, `false` are empty, arrays joined, {@link SafeHtml} stays. */
export function escapeHtml(value: unknown): string {
  if (value instanceof SafeHtml) return value.markup
  if (Array.isArray(value)) return value.map(escapeHtml).join('')
  if (value === null || value === undefined || value === false) return ''
  return String(value).replace(/[&<>"']/g, (char) => `&${ENTITIES[char]};`)
}

/** Markup with its values escaped: `` html`<li class="${kind}">${title}</li>` ``. */
export function html(strings: TemplateStringsArray, ...values: readonly unknown[]): SafeHtml {
  return new SafeHtml(String.raw({ raw: strings }, ...values.map(escapeHtml)))
}
