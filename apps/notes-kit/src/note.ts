export const COLOURS = { plain: 'Paper', amber: 'Amber', green: 'Green', blue: 'Blue', rose: 'Rose' } as const
export type Colour = keyof typeof COLOURS

export const TITLE_LENGTH = 120
export const BODY_LENGTH = 10_000

/** What a person writes. */
export interface NoteDraft {
  readonly title: string
  readonly body: string
  readonly colour: Colour
  readonly isPinned: boolean
}

export interface Note extends NoteDraft {
  readonly id: number
  readonly createdAt: Date
  readonly updatedAt: Date
}

export interface NotePage {
  readonly notes: readonly Note[]
  /** From 1; never beyond the last. */
  readonly page: number
  /** At least 1. */
  readonly pages: number
  /** Notes found on all pages together. */
  readonly total: number
}
