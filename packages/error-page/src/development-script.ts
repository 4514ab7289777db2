let script: string | undefined

/** The script that error pages of this process load, such as one that reloads the page; `undefined`: none. */
export function setDevelopmentScript(url: string | undefined): void {
  script = url
}

/** What {@link setDevelopmentScript} set. */
export const developmentScript = (): string | undefined => script
