import { DAY, readTime } from '../minutes'
import type { ShiftRule, Span } from '../../../api/scheduleTypes'

/** From a minute to a later one, after the midnight the shift's day begins with. */
export interface Stretch {
  start: number
  end: number
}

/** A shift on the line of minutes. */
export interface Timeline {
  segments: Stretch[]
  breaks: Stretch[]
  /** The window that punches are taken from. */
  from: number
  to: number
}

const minuteOf = (text: string): number => readTime(text) ?? 0

/** Each span begins where the one before it ended or later, so a smaller clock time is that of the next day. */
function laidOut(spans: readonly Span[], notBefore: number): Stretch[] {
  let at = notBefore
  return spans.map((span) => {
    let start = minuteOf(span.start)
    while (start < at) start += DAY
    let end = minuteOf(span.end)
    while (end <= start) end += DAY
    at = end
    return { start, end }
  })
}

export function timelineOf(rule: Pick<ShiftRule, 'segments' | 'breaks' | 'windowBeforeMinutes' | 'windowAfterMinutes'>): Timeline {
  const segments = laidOut(rule.segments, 0)
  const first = segments[0]?.start ?? 0
  const last = segments.at(-1)?.end ?? 0
  return { segments, breaks: laidOut(rule.breaks, first), from: first - rule.windowBeforeMinutes, to: last + rule.windowAfterMinutes }
}

const length = ({ start, end }: Stretch): number => end - start
const sum = (stretches: readonly Stretch[]): number => stretches.reduce((total, each) => total + length(each), 0)

/** Minutes one owes: what a flexible shift asks, or what is left of a fixed one without its breaks. */
export function requiredOf(rule: ShiftRule): number {
  const { segments, breaks } = timelineOf(rule)
  return rule.kind === 'flexible' && rule.requiredMinutes !== null ? rule.requiredMinutes : sum(segments) - sum(breaks)
}

export type RuleFault =
  | 'shift.name_empty'
  | 'shift.segments'
  | 'shift.time_invalid'
  | 'shift.segments_overlap'
  | 'shift.break_outside'
  | 'shift.breaks_overlap'
  | 'shift.too_long'
  | 'shift.nothing_left'
  | 'shift.required_missing'
  | 'shift.required_too_long'
  | 'shift.thresholds'

/** What is wrong with a rule before anybody is asked; the first thing that would have to be put right. */
export function faultOf(rule: ShiftRule): RuleFault | undefined {
  const spans = [...rule.segments, ...rule.breaks]
  if (rule.segments.length === 0) return 'shift.segments'
  if (spans.some(({ start, end }) => readTime(start) === undefined || readTime(end) === undefined)) return 'shift.time_invalid'
  const { segments, breaks } = timelineOf(rule)
  const start = segments[0]?.start ?? 0
  const end = segments.at(-1)?.end ?? 0
  // A segment that had to be moved by a day although it was meant for this one makes the whole too long.
  if (end - start > DAY) return segments.length > 1 ? 'shift.segments_overlap' : 'shift.too_long'
  if (segments.some((each, index) => index > 0 && each.start <= (segments[index - 1]?.end ?? 0))) return 'shift.segments_overlap'
  if (breaks.some((each, index) => index > 0 && each.start < (breaks[index - 1]?.end ?? 0))) return 'shift.breaks_overlap'
  if (breaks.some((each) => !segments.some((segment) => segment.start <= each.start && each.end <= segment.end))) return 'shift.break_outside'
  if (sum(segments) <= sum(breaks)) return 'shift.nothing_left'
  if (rule.kind === 'flexible') {
    if (rule.requiredMinutes === null || rule.requiredMinutes <= 0) return 'shift.required_missing'
    if (rule.requiredMinutes > sum(segments) - sum(breaks)) return 'shift.required_too_long'
  }
  if (rule.halfDayAfterMinutes !== null && rule.absentAfterMinutes !== null && rule.absentAfterMinutes < rule.halfDayAfterMinutes) return 'shift.thresholds'
  return undefined
}
