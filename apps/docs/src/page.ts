/** What the site is made of. */
export interface Page {
  /** Address on the site, without ending: `guides/servers`. */
  readonly path: string
  readonly title: string
  readonly markdown: string
  /** The file that the text is from, or that its relative links are relative to. */
  readonly source: string
}

export interface Section {
  readonly title: string
  readonly pages: readonly Page[]
}
