/** HTTP-date (RFC 9110 §5.6.7): written as IMF-fixdate, read in all three formats. */

let cachedSecond = Number.NaN
let cachedText = ''

/**
 * IMF-fixdate, as in `Sun, 06 Nov 1994 08:49:37 GMT`. Parts of a second are dropped. The text of the second asked for last is kept: a
 * server that calls this for every response makes one text a second.
 *
 * @param time milliseconds since 1970
 * @throws RangeError outside the years 0 to 9999, which the format cannot say
 */
export function httpDate(time: number): string {
  const second = Math.floor(time / 1000)
  if (second !== cachedSecond) {
    const date = new Date(second * 1000)
    const year = date.getUTCFullYear()
    if (!(year >= 0 && year <= 9999)) {
      throw new RangeError(`httpDate: expected milliseconds of a time in the years 0 to 9999, got ${time}`)
    }
    cachedText = date.toUTCString()
    cachedSecond = second
  }
  return cachedText
}

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')
const IMF_FIXDATE =
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (?<day>\d\d) (?<month>[A-Z][a-z]{2}) (?<year>\d{4}) (?<time>\d\d:\d\d:\d\d) GMT$/
const RFC850 =
  /^(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday), (?<day>\d\d)-(?<month>[A-Z][a-z]{2})-(?<year>\d\d) (?<time>\d\d:\d\d:\d\d) GMT$/
const ASCTIME =
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (?<month>[A-Z][a-z]{2}) (?<day>[ \d]\d) (?<time>\d\d:\d\d:\d\d) (?<year>\d{4})$/

/**
 * Milliseconds since 1970, or `null` for what is no HTTP-date. The grammar is kept to the letter; whether the day of the week is
 * the right one is not looked at.
 *
 * @param now decides the century of a two-digit year
 */
export function parseHttpDate(text: string, now: number = Date.now()): number | null {
  const parts = (IMF_FIXDATE.exec(text) ?? RFC850.exec(text) ?? ASCTIME.exec(text))?.groups
  if (parts === undefined) return null
  const { day = '', month = '', year = '', time = '' } = parts
  const monthIndex = MONTHS.indexOf(month)
  const [hour = 0, minute = 0, second = 0] = time.split(':').map(Number)
  // A 60th second is a leap second, which the grammar allows.
  if (monthIndex === -1 || hour > 23 || minute > 59 || second > 60) return null
  const utc = (fullYear: number): number => {
    const date = new Date(0)
    date.setUTCFullYear(fullYear, monthIndex, Number(day))
    return date.getUTCMonth() === monthIndex ? date.setUTCHours(hour, minute, second) : Number.NaN
  }
  const result = year.length === 4 ? utc(Number(year)) : utcOfShortYear(Number(year), utc, now)
  return Number.isNaN(result) ? null : result
}

/** RFC 9110 §5.6.7: a two-digit year that seems more than 50 years ahead is of the past century. */
function utcOfShortYear(year: number, utc: (fullYear: number) => number, now: number): number {
  const today = new Date(now)
  const century = today.getUTCFullYear() - (today.getUTCFullYear() % 100)
  const inFiftyYears = new Date(now).setUTCFullYear(today.getUTCFullYear() + 50)
  for (const candidate of [century + 100 + year, century + year]) {
    const time = utc(candidate)
    if (time <= inFiftyYears) return time
  }
  return utc(century - 100 + year)
}
