import { currentLanguage } from '../i18n'

/** `2026-11-22T09:42:13+08:00` → the wall clock on the machine, untouched by the zone of whoever looks. */
export const wallDate = (time: string): string => time.slice(0, 10)
export const wallClock = (time: string): string => time.slice(11, 19)
export const wallTime = (time: string): string => `${wallDate(time)} ${wallClock(time)}`

const two = (n: number): string => String(n).padStart(2, '0')

/** An instant on the clock of whoever looks: `2026-11-22 09:42:13`. */
export function localTime(instant: string): string {
  const at = new Date(instant)
  if (Number.isNaN(at.getTime())) return instant
  const date = `${String(at.getFullYear())}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
  return `${date} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`
}

const STEPS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
]

/** `3 minutes ago`; nothing for under five seconds. */
export function ago(instant: string, now: number): string | undefined {
  const seconds = Math.round((now - new Date(instant).getTime()) / 1000)
  if (seconds < 5) return undefined
  const [unit, size] = STEPS.find(([, length]) => seconds >= length) ?? ['second', 1]
  return new Intl.RelativeTimeFormat(currentLanguage(), { numeric: 'always', style: 'short' }).format(-Math.floor(seconds / size), unit)
}

export const number = (value: number): string => new Intl.NumberFormat(currentLanguage()).format(value)

/** Today's date on the clock of whoever looks. */
export function today(): string {
  return localTime(new Date().toISOString()).slice(0, 10)
}

/** `2026-11-22` moved by whole days. */
export function shiftDate(date: string, days: number): string {
  const at = new Date(`${date}T00:00:00Z`)
  at.setUTCDate(at.getUTCDate() + days)
  return at.toISOString().slice(0, 10)
}
