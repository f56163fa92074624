import i18next from 'i18next'
import { weekdayOf } from './dates'

/** Under which the weekdays are found among the texts. */
const KEYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const

/** Of 1, Monday: `周一`, `Mon`; mini: `一`, `M`; long: `星期一`, `Monday`. */
export function weekdayName(weekday: number, length: 'short' | 'mini' | 'long' = 'short'): string {
  const name = `${length}.${KEYS[weekday - 1] ?? 'mon'}` as const
  return i18next.t(`weekday.${name}`)
}

/** `2026-11-02 周一` */
export const dateWords = (date: string): string => `${date} ${weekdayName(weekdayOf(date))}`
