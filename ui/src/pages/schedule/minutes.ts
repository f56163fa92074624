/** Minutes of a day. Times of a shift are minutes after the midnight its day begins with: 1560 is 02:00 on the next day. */
export const DAY = 1440

const two = (n: number): string => String(n).padStart(2, '0')

/** What people type for a time: `9`, `930`, `0930`, `9:30`, `9.30`, `９：３０`. */
export function readTime(typed: string): number | undefined {
  const text = typed.normalize('NFKC').trim()
  const match = /^(\d{1,2})(?:[:.：](\d{2}))?$/.exec(text) ?? /^(\d{1,2})(\d{2})$/.exec(text)
  if (!match) return undefined
  const hours = Number(match[1])
  const minutes = Number(match[2] ?? 0)
  return hours > 24 || minutes > 59 || hours * 60 + minutes >= DAY + 1 ? undefined : (hours * 60 + minutes) % DAY
}

/** `1560` → `02:00`; which day it is on has to be said beside it. */
export function clockText(minute: number): string {
  const within = ((minute % DAY) + DAY) % DAY
  return `${two(Math.floor(within / 60))}:${two(within % 60)}`
}

/** `540` → `9`, `570` → `9.5`: hours as people say them. */
export const hours = (minutes: number): number => Math.round((minutes / 60) * 100) / 100
