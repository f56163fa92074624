import { shiftDate } from '../../../kit/format'
import { datesBetween, daysApart, firstOf, lastOf, monthOf, stepDate } from '../../../kit/dates'
import type { CalendarDay } from '../../../api/scheduleTypes'

/** A stretch of days as it is being set. */
export interface DayDraft {
  from: string
  to: string
  kind: 'ordinary' | CalendarDay['kind']
  name: string
  asWeekday: number | null
}

export const MOST_DAYS = 60

export function faultOf({ from, to, kind, name }: DayDraft): 'toOrder' | 'tooLong' | 'nameMissing' | undefined {
  if (from === '' || to < from) return 'toOrder'
  if (daysApart(from, to) >= MOST_DAYS) return 'tooLong'
  return kind !== 'ordinary' && name.trim() === '' ? 'nameMissing' : undefined
}

/** The days to set, and those to set back, which are only those that had been set. */
export function changesOf(draft: DayDraft, set: ReadonlyMap<string, CalendarDay>): { put: CalendarDay[]; drop: string[] } {
  const dates = datesBetween(draft.from, draft.to)
  const { kind } = draft
  if (kind === 'ordinary') return { put: [], drop: dates.filter((date) => set.has(date)) }
  return { put: dates.map((date) => ({ date, kind, name: draft.name.trim(), asWeekday: kind === 'workday' ? draft.asWeekday : null })), drop: [] }
}

export interface Stretch {
  name: string
  kind: CalendarDay['kind']
  from: string
  to: string
  days: number
}

const follows = (before: string, after: string): boolean => daysApart(before, after) === 1

/** Days in a row that are the same are told as one. */
export function stretchesOf(days: readonly CalendarDay[]): Stretch[] {
  const stretches: Stretch[] = []
  for (const { date, kind, name } of days.toSorted((a, b) => a.date.localeCompare(b.date))) {
    const last = stretches.at(-1)
    if (last && last.kind === kind && last.name === name && follows(last.to, date)) {
      last.to = date
      last.days += 1
    } else stretches.push({ name, kind, from: date, to: date, days: 1 })
  }
  return stretches
}

/** Where the keyboard goes from a day; within the year. */
export function dayFrom(date: string, key: string, year: number): string | undefined {
  const by: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }
  let next: string | undefined
  if (by[key] !== undefined) next = shiftDate(date, by[key])
  else if (key === 'PageUp' || key === 'PageDown') next = stepDate(date, 'month', key === 'PageUp' ? -1 : 1)
  else if (key === 'Home') next = firstOf(monthOf(date))
  else if (key === 'End') next = lastOf(monthOf(date))
  return next?.startsWith(`${String(year)}-`) ? next : undefined
}

/** A form for a day: with its whole stretch, when it is set already. */
export function stretchOf(date: string, days: ReadonlyMap<string, CalendarDay>): DayDraft {
  const day = days.get(date)
  if (!day) return { from: date, to: date, kind: 'holiday', name: '', asWeekday: null }
  const stretch = stretchesOf([...days.values()]).find(({ from, to }) => from <= date && date <= to)
  return { from: stretch?.from ?? date, to: stretch?.to ?? date, kind: day.kind, name: day.name, asWeekday: day.asWeekday }
}
