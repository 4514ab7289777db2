import { describe, expect, expectTypeOf, it } from 'vitest'
import { booleanField, charField, choiceField, defineForm, integerField, ValidationError } from './index.ts'

const orderForm = defineForm(
  {
    name: charField({ maxLength: 10 }),
    note: charField({ type: 'textarea', required: false, help: 'Milk?' }),
    cups: integerField({ min: 1, max: 9 }),
    spoons: integerField({ required: false }),
    kind: choiceField({ green: 'Green', black: 'Black & strong' }),
    size: choiceField({ s: 'Small' }, { required: false }),
    toGo: booleanField(),
  },
  (values, form) => {
    if (values.cups > 5 && values.toGo) form.addError('cups', 'Nobody carries that.')
    if (values.name === 'Nobody') throw new ValidationError('Nobody orders tea.')
  },
)
const good = { name: ' Ada ', cups: '2', kind: 'green' }
const submit = (fields: Record<string, string>) => orderForm(new URLSearchParams(fields))

describe('a form', () => {
  it('gives values of the fields’ types', () => {
    const form = submit({ ...good, spoons: '-3', toGo: 'on', note: 'a\r\nb' })
    expect(form.isValid).toBe(true)
    expect(form.cleaned).toEqual({
      name: 'Ada',
      note: 'a\nb',
      cups: 2,
      spoons: -3,
      kind: 'green',
      size: null,
      toGo: true,
    })
    expectTypeOf(form.cleaned).toEqualTypeOf<{
      readonly name: string
      readonly note: string
      readonly cups: number
      readonly spoons: number | null
      readonly kind: 'green' | 'black'
      readonly size: 's' | null
      readonly toGo: boolean
    }>()
  })

  it('gives what was left empty its empty value', () => {
    expect(submit(good).cleaned).toMatchObject({ note: '', spoons: null, size: null, toGo: false })
  })

  it.each([
    [{ name: '  ' }, 'name', 'This field is required.'],
    [{ name: 'x'.repeat(11) }, 'name', 'Write at most 10 characters; these are 11.'],
    [{ name: 'a\0b' }, 'name', 'This holds a character that is no text.'],
    [{ cups: '1.5' }, 'cups', 'Write a whole number.'],
    [{ cups: '1e3' }, 'cups', 'Write a whole number.'],
    [{ cups: '10' }, 'cups', 'Write a number from 1 to 9.'],
    [{ kind: 'toString' }, 'kind', 'Choose one of the list.'],
    [{ cups: '6', toGo: 'on' }, 'cups', 'Nobody carries that.'],
    [{ name: 'Nobody' }, '', 'Nobody orders tea.'],
  ])('says what is wrong with %o', (change, field, message) => {
    const form = submit({ ...good, ...change } as Record<string, string>)
    expect(form.isValid).toBe(false)
    expect([...form.errors]).toEqual([[field, [message]]])
    expect(() => form.cleaned).toThrow('form.isValid is false')
  })

  it('is neither valid nor full of errors before it was sent', () => {
    const form = orderForm()
    expect([form.isValid, form.errors.size]).toEqual([false, 0])
  })

  it('ignores a file where text is expected', () => {
    const data = new FormData()
    data.append('name', new File(['x'], 'x.txt'))
    expect(orderForm(data).errors.get('name')).toEqual(['This field is required.'])
  })

  it('does not take an error of the program for one of the person', () => {
    const broken = defineForm({ name: charField() }, () => {
      throw new TypeError('a bug')
    })
    expect(() => broken(new URLSearchParams({ name: 'x' }))).toThrow('a bug')
  })

  it('checks minimum length and pattern', () => {
    const form = defineForm({ code: charField({ minLength: 3, pattern: /^[a-z]+$/ }) })
    expect(form(new URLSearchParams({ code: 'ab' })).errors.get('code')).toEqual([
      'Write at least 3 characters; these are 2.',
    ])
    expect(form(new URLSearchParams({ code: 'abC' })).errors.get('code')).toEqual(['This does not look as expected.'])
  })
})

describe('a form’s markup', () => {
  it('shows initial values, escaped', () => {
    const form = orderForm(undefined, {
      name: '"><script>',
      note: '</textarea><b>',
      cups: 0,
      kind: 'black',
      toGo: true,
    })
    expect(form.field('name').markup).toBe(
      '<p class="field field-text"><label for="id_name">Name</label>' +
        '<input type="text" value="&quot;&gt;&lt;script&gt;" id="id_name" name="name" required="" maxlength="10"></p>',
    )
    expect(form.field('note').markup).toContain('>\n&lt;/textarea&gt;&lt;b&gt;</textarea>')
    expect(form.field('cups').markup).toContain('value="0" id="id_cups" name="cups" required="" min="1" max="9"')
    expect(form.field('kind').markup).toContain('<option value="black" selected>Black &amp; strong</option>')
    expect(form.field('kind').markup).toContain('<option value="green">Green</option>')
    expect(form.field('toGo').markup).toContain(
      '<label for="id_toGo">To go</label><input type="checkbox" id="id_toGo" name="toGo" checked>',
    )
  })

  it('keeps what was typed, and ties message and help to the input', () => {
    const form = submit({ ...good, cups: 'many', note: 'x' })
    expect(form.field('cups').markup).toContain(
      'value="many" id="id_cups" name="cups" required="" aria-invalid="true" aria-describedby="id_cups_error" min="1" max="9">' +
        '<span class="error" id="id_cups_error">Write a whole number.</span>',
    )
    expect(form.field('note').markup).toContain('aria-describedby="id_note_help"')
    expect(form.field('note').markup).toContain('<small id="id_note_help">Milk?</small>')
  })

  it('renders all fields in order, with what is wrong as a whole first', () => {
    const { markup } = submit({ ...good, name: 'Nobody' }).render()
    expect(markup).toMatch(/^<p class="error" role="alert">Nobody orders tea\.<\/p><p class="field field-text">/)
    expect(markup.match(/id="id_\w+"/g)).toHaveLength(8)
  })
})
