import { booleanField, charField, choiceField, defineForm } from '@tsgi/framework-views'
import { BODY_LENGTH, COLOURS, TITLE_LENGTH } from 'notes-kit'

export const noteForm = defineForm({
  title: charField({ maxLength: TITLE_LENGTH, attributes: { autocomplete: 'off' } }),
  body: charField({
    label: 'Note',
    type: 'textarea',
    required: false,
    maxLength: BODY_LENGTH,
    attributes: { rows: 12 },
  }),
  colour: choiceField(COLOURS),
  isPinned: booleanField({ label: 'Keep on top' }),
})
