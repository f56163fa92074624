import { wallClock, wallDate } from '../../kit'
import { daysApart } from '../../kit/dates'

/** `09:06`; of the day after, `02:05 +1`. Seconds do not count, so they are not shown. */
export function dayClock(date: string, time: string | null): string {
  if (time === null) return '–'
  const days = daysApart(date, wallDate(time))
  return `${wallClock(time).slice(0, 5)}${days === 0 ? '' : ` ${days > 0 ? '+' : '−'}${String(Math.abs(days))}`}`
}
