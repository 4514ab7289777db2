/** The pages to offer: the first, the last and those around the current one; `null` stands for what is left out. */
export function pageNumbers(current: number, last: number): (number | null)[] {
  const shown = Array.from({ length: last }, (_, at) => at + 1).filter(
    (page) => page === 1 || page === last || Math.abs(page - current) <= 1,
  )
  return shown.flatMap((page, at) => (at > 0 && page - (shown[at - 1] as number) > 1 ? [null, page] : [page]))
}
