import { shiftDate } from './format'

/** 1 is Monday, 7 is Sunday. */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7
export const WEEKDAYS: readonly Weekday[] = [1, 2, 3, 4, 5, 6, 7]

const at = (date: string): Date => new Date(`${date}T00:00:00Z`)

export function weekdayOf(date: string): Weekday {
  return (at(date).getUTCDay() || 7) as Weekday
}

export const monthOf = (date: string): string => date.slice(0, 7)
export const dayOfMonth = (date: string): number => Number(date.slice(8, 10))

/** From one date to another, both included. */
export function datesBetween(from: string, to: string): string[] {
  const dates: string[] = []
  for (let date = from; date <= to && dates.length < 1000; date = shiftDate(date, 1)) dates.push(date)
  return dates
}

export const daysApart = (from: string, to: string): number => Math.round((at(to).getTime() - at(from).getTime()) / 86_400_000)

/** `2026-12` moved by months → `2027-01` */
export function shiftMonth(month: string, by: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number)
  const count = year * 12 + number - 1 + by
  return `${String(Math.floor(count / 12)).padStart(4, '0')}-${String((count % 12) + 1).padStart(2, '0')}`
}

export const firstOf = (month: string): string => `${month}-01`
export const lastOf = (month: string): string => shiftDate(firstOf(shiftMonth(month, 1)), -1)

/** The Monday a date's week begins with. */
export const mondayOf = (date: string): string => shiftDate(date, 1 - weekdayOf(date))

/** The same day of the week or month, one step on. */
export function stepDate(date: string, view: 'month' | 'week', by: number): string {
  if (view === 'week') return shiftDate(date, 7 * by)
  const month = shiftMonth(monthOf(date), by)
  const last = lastOf(month)
  const same = `${month}-${date.slice(8, 10)}`
  return same > last ? last : same
}

/** What of the calendar a view shows. */
export const spanOf = (date: string, view: 'month' | 'week'): { from: string; to: string } =>
  view === 'week'
    ? { from: mondayOf(date), to: shiftDate(mondayOf(date), 6) }
    : { from: firstOf(monthOf(date)), to: lastOf(monthOf(date)) }

export const isDate = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(at(text).getTime()) && at(text).toISOString().startsWith(text)

/** Weeks of a month from Monday to Sunday; days of other months are left empty. */
export function weeksOf(month: string): (string | null)[][] {
  const days: (string | null)[] = [...Array<null>(weekdayOf(firstOf(month)) - 1).fill(null), ...datesBetween(firstOf(month), lastOf(month))]
  while (days.length % 7 !== 0) days.push(null)
  return Array.from({ length: days.length / 7 }, (_, week) => days.slice(week * 7, week * 7 + 7))
}
