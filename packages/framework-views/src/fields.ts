/** The inputs a form is made of: how their text becomes a value, and what the browser is told about them. */

/** Why a value is not taken, for the person who typed it. */
export class ValidationError extends Error {}

type Attributes = Readonly<Record<string, string | number | boolean | undefined>>

export interface FieldOptions<R extends boolean = boolean> {
  /** Default: the name, `First name` for `firstName`. */
  readonly label?: string
  readonly help?: string
  /** Default true. */
  readonly required?: R
  /** Further attributes of the input, such as `{ placeholder: 'Milk, eggs' }`. */
  readonly attributes?: Attributes
}

export interface Field<T> extends FieldOptions {
  /** Of the `<input>`, or `textarea` or `select`. */
  readonly type: string
  /** Value and label of each choice of a `select`. */
  readonly choices?: Readonly<Record<string, string>>
  /** The value of an input that was left empty and may be. */
  readonly empty: T
  /** Gets text that is not empty. Throws {@link ValidationError}. */
  clean(text: string): T
}

const refuse = (message: string): never => {
  throw new ValidationError(message)
}

/** Trimmed text, line ends as `\n`; `''` where it is optional and was left empty. */
export function charField(
  options: FieldOptions & { minLength?: number; maxLength?: number; pattern?: RegExp; type?: string } = {},
): Field<string> {
  const { minLength: minlength, maxLength: maxlength, pattern, type = 'text', ...rest } = options
  const clean = (text: string): string => {
    if (text.includes('\0')) refuse('This holds a character that is no text.')
    if (text.length < (minlength ?? 0)) refuse(`Write at least ${minlength} characters; these are ${text.length}.`)
    if (text.length > (maxlength ?? text.length))
      refuse(`Write at most ${maxlength} characters; these are ${text.length}.`)
    return pattern && !pattern.test(text) ? refuse('This does not look as expected.') : text
  }
  return { ...rest, type, attributes: { minlength, maxlength, ...rest.attributes }, empty: '', clean }
}

/** A whole number; `null` where it is optional and was left empty. */
export function integerField<const R extends boolean = true>(
  options: FieldOptions<R> & { min?: number; max?: number } = {},
): Field<R extends false ? number | null : number> {
  const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER, ...rest } = options
  const clean = (text: string): number => {
    if (!/^[-+]?\d{1,16}$/.test(text)) refuse('Write a whole number.')
    return Number(text) < min || Number(text) > max ? refuse(`Write a number from ${min} to ${max}.`) : Number(text)
  }
  const attributes = { min: options.min, max: options.max, ...rest.attributes }
  return { ...rest, type: 'number', attributes, empty: null as never, clean }
}

/** A tick box. One that is required must be ticked; the default is that it need not. */
export function booleanField(options: FieldOptions = {}): Field<boolean> {
  return { required: false, ...options, type: 'checkbox', empty: false, clean: () => true }
}

/** One of `choices`, which are labels by value; `null` where it is optional and was left empty. */
export function choiceField<const C extends Readonly<Record<string, string>>, const R extends boolean = true>(
  choices: C,
  options: FieldOptions<R> = {},
): Field<(keyof C & string) | (R extends false ? null : never)> {
  const clean = (text: string): keyof C & string =>
    Object.hasOwn(choices, text) ? text : refuse('Choose one of the list.')
  return { ...options, type: 'select', choices, empty: null as never, clean }
}
