/** What a visitor may write into the guest book. */

export const MAX_NAME = 40
export const MAX_MESSAGE = 500

export interface Draft {
  readonly name: string
  readonly message: string
}

export type Complaints = { readonly [Field in keyof Draft]?: string }

/** A form's fields as they would be kept: white space tidied, line ends as everywhere. */
export function draftOf(form: URLSearchParams): Draft {
  return {
    name: (form.get('name') ?? '').replace(/\s+/g, ' ').trim(),
    message: (form.get('message') ?? '')
      .replace(/\r\n?/g, '\n')
      .replace(/\t/g, ' ')
      .replace(/\n{3,}/g, '\n\n')
      .trim(),
  }
}

/** What is wrong with a draft, by field, in words for its writer; `null` when nothing is. */
export function complaintsAbout({ name, message }: Draft): Complaints | null {
  const complaints = {
    ...complaint('name', name, MAX_NAME, 'Please leave your name.'),
    ...complaint('message', message, MAX_MESSAGE, 'Please write a line or two.'),
  }
  return Object.keys(complaints).length === 0 ? null : complaints
}

function complaint(field: keyof Draft, text: string, limit: number, whenEmpty: string): Complaints {
  if (text === '') return { [field]: whenEmpty }
  const length = lengthOf(text)
  if (length > limit) return { [field]: `Please keep to ${limit} characters; there are ${length}.` }
  if (UNSEEN.test(text)) return { [field]: 'Please leave out control characters.' }
  return {}
}

/** In code points: nobody's combining accents make a tower. */
const lengthOf = (text: string): number => [...text].length

/** Control characters other than line feed, and those that turn the direction of what follows them. */
const UNSEEN = /[^\P{Cc}\n]|[\u202A-\u202E\u2066-\u2069]/u
