import { DAY } from '../minutes'
import type { ShiftRule } from '../../../api/scheduleTypes'
import { timelineOf, type Stretch } from './rule'

/** What a bar shows from left to right; lists give all their bars the same one, so that shifts stand under each other. */
export interface Axis {
  from: number
  to: number
}

const HOUR = 60
const down = (minute: number): number => Math.floor(minute / HOUR) * HOUR
const up = (minute: number): number => Math.ceil(minute / HOUR) * HOUR

/** Whole hours that hold every shift with its window. */
export function axisFor(rules: readonly ShiftRule[]): Axis {
  const lines = rules.map(timelineOf)
  if (lines.length === 0) return { from: 0, to: DAY }
  return { from: down(Math.min(...lines.map(({ from }) => from))), to: up(Math.max(...lines.map(({ to }) => to))) }
}

export interface Part extends Stretch {
  what: 'window' | 'work' | 'flexible' | 'break' | 'grace'
}

/** The parts of a bar, those below first. */
export function partsOf(rule: ShiftRule): Part[] {
  const line = timelineOf(rule)
  const work = rule.kind === 'fixed' ? 'work' : 'flexible'
  const parts: Part[] = [
    { what: 'window', start: line.from, end: line.to },
    ...line.segments.map((segment): Part => ({ what: work, ...segment })),
  ]
  for (const { start, end } of rule.kind === 'fixed' ? line.segments : []) {
    if (rule.graceInMinutes > 0) parts.push({ what: 'grace', start, end: Math.min(end, start + rule.graceInMinutes) })
    if (rule.graceOutMinutes > 0) parts.push({ what: 'grace', start: Math.max(start, end - rule.graceOutMinutes), end })
  }
  return [...parts, ...line.breaks.map((each): Part => ({ what: 'break', ...each }))]
}

/** Where to write the hour: as many marks as the axis has room for, always on whole steps. */
export function ticksOf({ from, to }: Axis, atMost = 13): number[] {
  const step = [1, 2, 3, 4, 6, 12, 24].find((hours) => (to - from) / (hours * HOUR) <= atMost) ?? 24
  const ticks: number[] = []
  for (let at = Math.ceil(from / (step * HOUR)) * step * HOUR; at <= to; at += step * HOUR) ticks.push(at)
  return ticks
}

/** Midnights within, where another day begins. */
export const midnightsOf = ({ from, to }: Axis): number[] => [0, DAY, 2 * DAY].filter((minute) => minute > from && minute < to)

/** A place on the axis in percent. */
export const place = ({ from, to }: Axis, minute: number): number => (to === from ? 0 : ((minute - from) / (to - from)) * 100)
