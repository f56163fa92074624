import { shiftDate, today } from '../../kit'

const DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/
const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/

/** A date of the address; anything else is today. */
export const dateOr = (text: string, otherwise = today()): string => (DATE.test(text) && !Number.isNaN(Date.parse(text)) ? text : otherwise)
export const monthOr = (text: string): string => (MONTH.test(text) ? text : today().slice(0, 7))

const pad = (n: number): string => String(n).padStart(2, '0')

export const firstOf = (month: string): string => `${month}-01`

export function lastOf(month: string): string {
  const [year = 0, number = 1] = month.split('-').map(Number)
  return `${month}-${pad(new Date(Date.UTC(year, number, 0)).getUTCDate())}`
}

/** `2026-01` moved by whole months. */
export function shiftMonth(month: string, months: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number)
  const at = new Date(Date.UTC(year, number - 1 + months, 1))
  return `${String(at.getUTCFullYear())}-${pad(at.getUTCMonth() + 1)}`
}

/** 1 is Monday, 7 is Sunday. */
export const weekday = (date: string): number => new Date(`${date}T00:00:00Z`).getUTCDay() || 7

export function datesBetween(from: string, to: string): string[] {
  const dates: string[] = []
  for (let date = from; date <= to && dates.length < 400; date = shiftDate(date, 1)) dates.push(date)
  return dates
}

/** A month in weeks from Monday to Sunday; what belongs to its neighbours is left empty. */
export function weeksOf(month: string): (string | null)[][] {
  const days: (string | null)[] = [...Array.from({ length: weekday(firstOf(month)) - 1 }, () => null), ...datesBetween(firstOf(month), lastOf(month))]
  while (days.length % 7 !== 0) days.push(null)
  return Array.from({ length: days.length / 7 }, (_, week) => days.slice(week * 7, week * 7 + 7))
}
