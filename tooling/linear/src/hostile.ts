/** Inputs that are bad for a reader which tries again: openings never closed, runs of what separates, nearly fitting ends. */

/** Of Latin-1, without NUL, CR and LF: a field can carry each. */
const UNITS =
  `" \\ "\\ \\" ' [ ( < { [] () , ; = : / . - & + * ? # @ | $ % %2 %41 %2f %25 ../ -- // 0 a é ÿ q= a, a; a= a=b; a=b& a=" a\\ 1- 0-0, ::1, "a",`
    .split(' ')
    .concat(' ', '\t', ' \t', ' ,', ' ;', ', ')

/** One of each kind, for the quick tests. */
const FEW = ['"\\', ',', ' ', '/', '-', 'a="']

interface Hostile {
  readonly name: string
  readonly input: (length: number) => string
}

/**
 * @param openings that the reader knows, such as `bytes=`: what it refuses at the first character costs nothing
 * @param thorough with every unit and with more openings and ends: twenty times as many
 */
export function hostileInputs(openings: readonly string[] = [], thorough = false): readonly Hostile[] {
  const ends = thorough ? ['', 'x', '"', '!'] : ['x']
  return ['', ...(thorough ? ['a', '"', 'a '] : []), 'a="', ...openings].flatMap((opening) =>
    (thorough ? UNITS : FEW).flatMap((unit) =>
      ends.map((end) => ({
        name: JSON.stringify(`${opening}(${unit})×n${end}`),
        input: (length: number) => opening + unit.repeat(Math.ceil(length / unit.length)) + end,
      })),
    ),
  )
}
