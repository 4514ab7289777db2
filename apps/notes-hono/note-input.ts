import { BODY_LENGTH, COLOURS, TITLE_LENGTH, type Colour, type NoteDraft } from 'notes-kit'

export type NoteErrors = Partial<Record<keyof NoteDraft, string>>
export type NoteInput = { readonly draft: NoteDraft } | { readonly errors: NoteErrors }

/** Looks at what came as JSON or from a form. */
export function readNote(value: unknown): NoteInput {
  const given = typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
  const title = text(given['title'])?.trim()
  const body = text(given['body'] ?? '')
    ?.replaceAll('\r\n', '\n')
    .trim()
  const colour = given['colour'] ?? 'plain'
  const isPinned = given['isPinned'] ?? false
  const errors: NoteErrors = {}

  if (!title) errors.title = 'This field is required.'
  else if (title.length > TITLE_LENGTH)
    errors.title = `Write at most ${TITLE_LENGTH} characters; these are ${title.length}.`
  if (body === undefined) errors.body = 'This has to be text.'
  else if (body.length > BODY_LENGTH) errors.body = `Write at most ${BODY_LENGTH} characters; these are ${body.length}.`
  if (!isColour(colour)) errors.colour = `Choose one of ${Object.keys(COLOURS).join(', ')}.`
  if (typeof isPinned !== 'boolean') errors.isPinned = 'This is true or false.'

  if (
    title &&
    body !== undefined &&
    isColour(colour) &&
    typeof isPinned === 'boolean' &&
    Object.keys(errors).length === 0
  ) {
    return { draft: { title, body, colour, isPinned } }
  }
  return { errors }
}

/** PostgreSQL keeps no NUL, and no text needs one. */
const text = (value: unknown): string | undefined =>
  typeof value === 'string' && !value.includes('\0') ? value : undefined

const isColour = (value: unknown): value is Colour => typeof value === 'string' && Object.hasOwn(COLOURS, value)
