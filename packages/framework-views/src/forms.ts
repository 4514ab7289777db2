import { ValidationError, type Field } from './fields.ts'
import { html, type SafeHtml } from './html.ts'
import type { FormValues } from './request.ts'

export type Fields = Readonly<Record<string, Field<unknown>>>
export type Cleaned<F extends Fields> = { readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never }
/** Looks at the values together; throws {@link ValidationError} for the whole form, or calls `form.addError`. */
export type Check<F extends Fields> = (values: Cleaned<F>, form: Form<F>) => void

/**
 * Declares a form once; call it for each request.
 *
 * @example
 * const noteForm = defineForm({ title: charField({ maxLength: 120 }), body: charField({ type: 'textarea' }) })
 * const form = noteForm(await request.form())
 * if (form.isValid) notes.add(form.cleaned.title, form.cleaned.body)
 */
export function defineForm<F extends Fields>(
  fields: F,
  check?: Check<F>,
): (data?: FormValues, initial?: Partial<Cleaned<F>>) => Form<F> {
  return (data, initial) => new Form(fields, data, initial, check)
}

/** A form, shown or sent back. It is valid when it has data and every field took its own. */
export class Form<F extends Fields> {
  readonly fields: F
  /** Messages by field; those about the form as a whole under `''`. */
  readonly errors: Map<string, string[]> = new Map()
  readonly #isBound: boolean
  readonly #texts = new Map<string, string>()
  readonly #values: Record<string, unknown> = {}

  constructor(fields: F, data?: FormValues, initial: Partial<Cleaned<F>> = {}, check?: Check<F>) {
    this.fields = fields
    this.#isBound = data !== undefined
    for (const [name, field] of Object.entries(fields)) {
      const given = data ? data.get(name) : initial[name]
      const text = given === true ? 'on' : typeof given === 'string' || typeof given === 'number' ? String(given) : ''
      this.#texts.set(name, data ? text.replaceAll('\r\n', '\n').trim() : text)
      if (data) this.#attempt(name, () => (this.#values[name] = clean(field, this.text(name))))
    }
    if (check && this.isValid) this.#attempt('', () => check(this.cleaned, this))
  }

  get isValid(): boolean {
    return this.#isBound && this.errors.size === 0
  }

  /** The values; throws while the form is not valid. */
  get cleaned(): Cleaned<F> {
    if (!this.isValid) throw new TypeError('form.cleaned was read, and form.isValid is false')
    return this.#values as Cleaned<F>
  }

  addError(name: (keyof F & string) | '', message: string): void {
    this.errors.set(name, [...(this.errors.get(name) ?? []), message])
  }

  /** What the input shows: what was typed, else the initial value. */
  text(name: keyof F & string): string {
    return this.#texts.get(name) ?? ''
  }

  #attempt(name: string, step: () => unknown): void {
    try {
      step()
    } catch (error) {
      if (!(error instanceof ValidationError)) throw error
      this.addError(name, error.message)
    }
  }

  /** All fields with their messages. The `<form>`, its button and the CSRF field are the template's. */
  render(): SafeHtml {
    const general = this.errors.get('')?.join(' ')
    const fields = Object.keys(this.fields).map((name) => this.field(name))
    return html`${general && html`<p class="error" role="alert">${general}</p>`}${fields}`
  }

  /** One field: `<p class="field">` with label, input, help and message, tied together for screen readers. */
  field(name: keyof F & string): SafeHtml {
    const { type, label, help, required = true, attributes, choices } = this.fields[name] as Field<unknown>
    const message = this.errors.get(name)?.join(' ')
    const id = `id_${name}`
    const written = attributeList({
      id,
      name,
      required,
      'aria-invalid': message !== undefined && 'true',
      'aria-describedby': [help && `${id}_help`, message && `${id}_error`].filter(Boolean).join(' ') || undefined,
      ...attributes,
    })
    const input = inputMarkup(type, written, this.text(name), choices)
    const below = [
      help && html`<small id="${id}_help">${help}</small>`,
      message && html`<span class="error" id="${id}_error">${message}</span>`,
    ]
    return html`<p class="field field-${type}"><label for="${id}">${label ?? humanize(name)}</label>${input}${below}</p>`
  }
}

function humanize(name: string): string {
  const words = name.replace(/[A-Z]/g, (upper) => ` ${upper.toLowerCase()}`)
  return words.charAt(0).toUpperCase() + words.slice(1)
}

const attributeList = (attributes: NonNullable<Field<unknown>['attributes']>): SafeHtml[] =>
  Object.entries(attributes).flatMap(([name, value]) =>
    value === undefined || value === false ? [] : html` ${name}="${value === true ? '' : value}"`,
  )

function inputMarkup(type: string, attributes: SafeHtml[], text: string, choices: Field<unknown>['choices']): SafeHtml {
  if (type === 'textarea') return html`<textarea${attributes}>\n${text}</textarea>`
  if (type === 'checkbox') return html`<input type="checkbox"${attributes}${text && html` checked`}>`
  if (type !== 'select') return html`<input type="${type}" value="${type !== 'password' && text}"${attributes}>`
  const options = Object.entries({ '': '', ...choices }).map(
    ([value, label]) => html`<option value="${value}"${value === text && html` selected`}>${label}</option>`,
  )
  return html`<select${attributes}>${options}</select>`
}

function clean(field: Field<unknown>, text: string): unknown {
  if (text !== '') return field.clean(text)
  if (field.required ?? true) throw new ValidationError('This field is required.')
  return field.empty
}
