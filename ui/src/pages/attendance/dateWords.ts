import { currentLanguage } from '../../i18n'

/** `周一`, `Mon`; narrow: `一`, `M`. */
export const weekdayName = (date: string, length: 'short' | 'narrow'): string =>
  new Intl.DateTimeFormat(currentLanguage(), { weekday: length, timeZone: 'UTC' }).format(new Date(`${date}T00:00:00Z`))

/** `2026-11-02 周一` */
export const dateWords = (date: string): string => `${date} ${weekdayName(date, 'short')}`
