import type { DayDetail, DayFact, Shift, Stretch } from '../../../api/attendanceTypes'
import { wallDate } from '../../../kit'
import { daysApart } from '../../../kit/dates'

const DAY = 1440

const minuteOfDay = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5))

/** Whole minutes of a wall clock from the midnight a day begins with; below zero is the evening before. */
export function wallMinute(date: string, time: string): number {
  return daysApart(date, wallDate(time)) * DAY + minuteOfDay(time.slice(11, 16))
}

/** `540` → `09:00`, `1560` → `02:00`, whatever day it falls on. */
export function clockOf(minute: number): string {
  const of = ((minute % DAY) + DAY) % DAY
  return `${String(Math.floor(of / 60)).padStart(2, '0')}:${String(of % 60).padStart(2, '0')}`
}

export interface Span {
  from: number
  to: number
}

/** Stretches of a shift in minutes; an end at or before its start, and what begins before the one before, is on the next day. */
export function spansOf(stretches: readonly Stretch[], notBefore = -DAY): Span[] {
  let after = notBefore
  return stretches.map(({ start, end }) => {
    let from = minuteOfDay(start)
    while (from < after) from += DAY
    let to = minuteOfDay(end)
    while (to <= from) to += DAY
    after = to
    return { from, to }
  })
}

/** A break lies within its segment, so one of a night shift may be on the next day. */
export const breaksOf = ({ segments, breaks }: Pick<Shift, 'segments' | 'breaks'>): Span[] => spansOf(breaks, spansOf(segments)[0]?.from)

export interface Mark {
  fact: DayFact
  minute: number
  /** Which row of labels it is written in, so that none covers another. */
  lane: number
}

export interface Timeline extends Span {
  hours: number[]
  segments: Span[]
  breaks: Span[]
  leave: Span[]
  marks: Mark[]
}

const LANES = 3

/** Labels of neighbours go to different rows. `room`: the minutes a label takes. */
function inLanes(facts: readonly { fact: DayFact; minute: number }[], room: number): Mark[] {
  const free = Array.from({ length: LANES }, () => -Infinity)
  return facts.map(({ fact, minute }) => {
    const found = free.findIndex((until) => until <= minute)
    const lane = found === -1 ? LANES - 1 : found
    free[lane] = minute + room
    return { fact, minute, lane }
  })
}

/** Whole hours that divide what is shown into six to twelve parts. */
function hourSteps({ from, to }: Span): number[] {
  const step = [60, 120, 180, 240, 360].find((each) => (to - from) / each <= 12) ?? 480
  const first = Math.ceil(from / step) * step
  return Array.from({ length: Math.max(0, Math.floor((to - first) / step) + 1) }, (_, index) => first + index * step)
}

const seen = (span: Span): boolean => span.to > span.from

/** What a day is drawn as: minutes from its midnight, within the window its punches are taken from. */
export function timelineOf({ day, plan, window, facts, leaves }: Pick<DayDetail, 'day' | 'plan' | 'window' | 'facts' | 'leaves'>, width: number): Timeline {
  const { date } = day
  const from = wallMinute(date, window.from)
  const to = Math.max(wallMinute(date, window.to), from + 60)
  const within = (span: Span): Span => ({ from: Math.max(from, span.from), to: Math.min(to, span.to) })
  const placed = facts.map((fact) => ({ fact, minute: wallMinute(date, fact.time) })).filter(({ minute }) => minute >= from && minute <= to)
  return {
    from,
    to,
    hours: hourSteps({ from, to }),
    segments: plan.shift === null ? [] : spansOf(plan.shift.segments).map(within).filter(seen),
    breaks: plan.shift === null ? [] : breaksOf(plan.shift).map(within).filter(seen),
    leave: leaves
      .map((leave) => ({
        from: leave.from < date || leave.start === null ? from : minuteOfDay(leave.start),
        to: leave.to > date || leave.end === null ? to : minuteOfDay(leave.end),
      }))
      .map(within)
      .filter(seen),
    marks: inLanes(placed.toSorted((a, b) => a.minute - b.minute), ((to - from) * 46) / Math.max(width, 1)),
  }
}
