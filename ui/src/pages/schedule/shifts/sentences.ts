import type { TFunction } from 'i18next'
import { number } from '../../../kit/format'
import { clockText, DAY, hours } from '../minutes'
import type { ShiftRule } from '../../../api/scheduleTypes'
import { requiredOf, timelineOf, type Stretch } from './rule'

/** `18:00`, `02:00 next day`, `23:00 the evening before` */
export function momentText(t: TFunction, minute: number): string {
  if (minute >= DAY) return t('shifts.nextDay', { time: clockText(minute) })
  return minute < 0 ? t('shifts.dayBefore', { time: clockText(minute) }) : clockText(minute)
}

/** `09:00–18:00`, `22:00–06:00 next day`, `02:00–02:30 next day` */
export function spanText(t: TFunction, { start, end }: Stretch): string {
  if (start >= DAY) return t('shifts.nextDay', { time: `${clockText(start)}–${clockText(end)}` })
  return `${momentText(t, start)}–${momentText(t, end)}`
}

/** `8 h`, `7 h 30 min`, `45 min` */
export function lengthText(t: TFunction, minutes: number): string {
  const whole = Math.floor(minutes / 60)
  const rest = minutes % 60
  if (whole === 0) return t('shifts.minutes', { minutes: rest })
  return rest === 0 ? t('shifts.hours', { hours: whole }) : t('shifts.hoursMinutes', { hours: whole, minutes: rest })
}

/** What a rule means, by example: as one would tell it to a new colleague. */
export function sentencesOf(t: TFunction, rule: ShiftRule): string[] {
  const line = timelineOf(rule)
  const [first] = line.segments
  if (!first) return []
  const said: string[] = [
    ...(rule.kind === 'fixed' ? line.segments.flatMap((segment) => fixed(t, rule, segment)) : flexible(t, rule, first, line.breaks)),
    ...line.breaks.map((stretch) => t('shifts.says.break', { span: spanText(t, stretch) })),
    ...thresholds(t, rule),
    ...overtime(t, rule, line.segments.at(-1)?.end ?? first.end),
    t('shifts.says.window', { from: momentText(t, line.from), to: momentText(t, line.to - 1) }),
  ]
  if (rule.kind === 'fixed') said.push(t('shifts.says.required', { length: lengthText(t, requiredOf(rule)) }))
  if ((line.segments.at(-1)?.end ?? 0) > DAY) said.push(t('shifts.says.overnight'))
  if (rule.doublePunchMinutes > 0) said.push(t('shifts.says.double', { length: lengthText(t, rule.doublePunchMinutes) }))
  return said
}

function fixed(t: TFunction, { graceInMinutes: late, graceOutMinutes: early }: ShiftRule, { start, end }: Stretch): string[] {
  return [
    t('shifts.says.in', { last: momentText(t, start + late), first: momentText(t, start + late + 1), minutes: number(late + 1) }),
    t('shifts.says.out', { first: momentText(t, end - early), last: momentText(t, end - early - 1), minutes: number(early + 1) }),
  ]
}

function flexible(t: TFunction, rule: ShiftRule, within: Stretch, breaks: readonly Stretch[]): string[] {
  const required = requiredOf(rule)
  const length = lengthText(t, required)
  const said: string[] = [t('shifts.says.flexible', { span: spanText(t, within), length })]
  // Somebody who comes an hour after the first moment and is there for the breaks as well.
  const comes = within.start + 60
  let goes = comes + required
  for (const each of breaks) if (each.start >= comes && each.start < goes) goes += each.end - each.start
  if (goes <= within.end) {
    const enough = rule.graceOutMinutes > 0 ? t('shifts.says.flexibleGrace', { length: lengthText(t, rule.graceOutMinutes) }) : ''
    said.push(t('shifts.says.flexibleExample', { in: momentText(t, comes), out: momentText(t, goes) }) + enough)
  }
  return said
}

function thresholds(t: TFunction, rule: ShiftRule): string[] {
  const required = requiredOf(rule)
  const said: string[] = []
  if (rule.halfDayAfterMinutes !== null) said.push(t('shifts.says.halfDay', { after: lengthText(t, rule.halfDayAfterMinutes), length: lengthText(t, Math.floor(required / 2)) }))
  if (rule.absentAfterMinutes !== null) said.push(t('shifts.says.absent', { after: lengthText(t, rule.absentAfterMinutes), length: lengthText(t, required) }))
  return said
}

function overtime(t: TFunction, rule: ShiftRule, end: number): string[] {
  const { overtimeAfterMinutes: after, roundingMinutes: rounding } = rule
  if (after === null) return []
  // An example that the rounding shows in: a little over an hour.
  const stayed = Math.max(after, 70)
  const counted = rounding !== null && rounding > 0 ? Math.floor(stayed / rounding) * rounding : stayed
  return [
    t('shifts.says.overtime', { from: momentText(t, end + after), end: momentText(t, end), example: momentText(t, end + stayed), length: lengthText(t, counted) }),
  ]
}

/** `09:00–12:00, 13:00–18:00`; the next day's times are marked. */
export const timesText = (t: TFunction, rule: Pick<ShiftRule, 'segments'>): string =>
  timelineOf({ breaks: [], windowBeforeMinutes: 0, windowAfterMinutes: 0, ...rule }).segments.map((segment) => spanText(t, segment)).join(t('picker.and'))

/** From the first start to the last end, where there is room for no more. */
export const frameText = (rule: Pick<ShiftRule, 'segments'>): string => `${rule.segments[0]?.start ?? ''}–${rule.segments.at(-1)?.end ?? ''}`

/** One line for lists and screen readers: `Early: 09:00–18:00, 8 h`. */
export function summaryOf(t: TFunction, rule: ShiftRule): string {
  const times = timesText(t, rule)
  return t(rule.kind === 'fixed' ? 'shifts.summaryFixed' : 'shifts.summaryFlexible', { times, hours: number(hours(requiredOf(rule))) })
}
