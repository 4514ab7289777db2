/** What may stand in a {@link html} template. Arrays are joined; `false`, `null` and `undefined` leave nothing behind. */
export type HtmlValue = string | number | bigint | boolean | null | undefined | Html | readonly HtmlValue[]

/** Markup that is safe to send. {@link html} makes it; `new Html(markup)` vouches for markup that no visitor had a hand in. */
export class Html {
  readonly #markup: string
  constructor(markup: string) {
    this.#markup = markup
  }
  toString(): string {
    return this.#markup
  }
}

/**
 * Markup with every value escaped, for text and for quoted attributes. It is no help inside `<script>`, `<style>` or an
 * unquoted attribute, nor with `javascript:` in a link.
 *
 * @example html`<li class="${kind}">${name}</li>`
 */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return new Html(String.raw({ raw: strings }, ...values.map(render)))
}

function render(value: HtmlValue): string {
  if (value instanceof Html) return value.toString()
  if (Array.isArray(value)) return value.map(render).join('')
  if (value === null || value === undefined || typeof value === 'boolean') return ''
  return String(value).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
