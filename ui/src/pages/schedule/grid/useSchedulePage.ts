import { useEffect, useMemo } from 'react'
import { useCalendar, useSchedule } from '../../../api/schedule'
import { today, useFilters } from '../../../kit'
import { unitFilter } from '../../../kit/org'
import { datesBetween, isDate, spanOf } from '../../../kit/dates'
import type { CalendarDay, ScheduleRow } from '../../../api/scheduleTypes'

export type View = 'month' | 'week'
/** So many people are fetched without anybody scrolling, so that filling and copying reach them all. */
const WITHOUT_ASKING = 2000
const NONE: CalendarDay[] = []

/** Whose days are looked at, from when to when: all of it in the address. */
export function useSchedulePage() {
  const { get, set } = useFilters()
  const view: View = get('show') === 'week' ? 'week' : 'month'
  const date = isDate(get('date')) ? get('date') : today()
  const unit = get('unit')
  const search = get('search')
  const { from, to } = spanOf(date, view)
  const list = useSchedule({ from, to, ...unitFilter(unit), ...(search.trim() === '' ? {} : { search: search.trim() }) })
  const { more } = list
  const count = list.rows.length
  useEffect(() => {
    if (more && count < WITHOUT_ASKING) more()
  }, [more, count])

  // While another span is fetched the rows are still of the one before: the dates are those that the rows have.
  const first: ScheduleRow | undefined = list.rows[0]
  const dates = useMemo(() => first?.days.map((day) => day.date) ?? datesBetween(from, to), [first, from, to])
  const years = [Number(from.slice(0, 4)), Number(to.slice(0, 4))] as const
  const [one, other] = [useCalendar(years[0]), useCalendar(years[1])]
  const calendar = useMemo(() => new Map([...(one.data ?? NONE), ...(other.data ?? NONE)].map((day) => [day.date, day])), [one.data, other.data])
  return { view, date, unit, search, from, to, list, dates, calendar, set }
}
