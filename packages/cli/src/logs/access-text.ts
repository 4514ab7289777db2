/** Texts and times of an access log. */

export const UNSAFE: RegExp = /["\\]|[^\x20-\x7e]/
const EACH_UNSAFE = /["\\]|[^\x20-\x7e]/g

/** Without what could end a line or a quoted part of it, or drive a terminal. */
export const escaped = (value: string): string => (UNSAFE.test(value) ? value.replace(EACH_UNSAFE, escape) : value)

const escape = (char: string) =>
  char === '"' || char === '\\' ? `\\${char}` : `\\x${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const two = (n: number) => String(n).padStart(2, '0')

/** `23/Nov/2026:01:02:03 +0100`, in local time as other servers have it; made once a second. */
export const clfTime: (time: number) => string = oncePerSecond((time) => {
  const date = new Date(time)
  const offset = -date.getTimezoneOffset()
  const zone = `${offset < 0 ? '-' : '+'}${two(Math.trunc(Math.abs(offset) / 60))}${two(Math.abs(offset) % 60)}`
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')
  return `${two(date.getDate())}/${MONTHS[date.getMonth()]}/${date.getFullYear()}:${clock} ${zone}`
})

const isoSecond = oncePerSecond((time) => new Date(time).toISOString().slice(0, 20))
export const isoTime = (time: number): string =>
  `${isoSecond(time)}${String(Math.floor(time) % 1000).padStart(3, '0')}Z`

/** Remembers the last result, for times within the same second. */
function oncePerSecond(format: (time: number) => string): (time: number) => string {
  let lastSecond = -1
  let last = ''
  return (time) => {
    const second = Math.floor(time / 1000)
    if (second !== lastSecond) {
      lastSecond = second
      last = format(time)
    }
    return last
  }
}
