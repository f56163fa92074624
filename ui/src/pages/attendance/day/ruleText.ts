import type { TFunction } from 'i18next'
import type { DayDetail, DayFact, Mark } from '../../../api/attendanceTypes'
import { wallClock } from '../../../kit'
import { hours } from '../marks'
import { clockOf, spansOf } from './timeline'

type Known = Pick<DayDetail, 'plan' | 'facts' | 'day'>

const used = (facts: readonly DayFact[], use: 'in' | 'out', segment: number): DayFact | undefined =>
  facts.find((fact) => fact.use === use && (fact.segment ?? 0) === segment)

/** `09:06` of a punch: its seconds do not count. */
const minuteOf = (fact: DayFact): string => wallClock(fact.time).slice(0, 5)

/** The rule that made a mark, in the words of this day: “due at 09:00 with 5 minutes of grace; came at 09:06.” */
export function ruleText(t: TFunction, mark: Mark, { plan, facts, day }: Known): string {
  const { shift } = plan
  if (shift === null) return ''
  const spans = spansOf(shift.segments)
  const segment = mark.segment ?? 0
  const start = clockOf(spans[segment]?.from ?? 0)
  const end = clockOf((mark.segment === null ? spans.at(-1) : spans[segment])?.to ?? 0)
  const came = used(facts, 'in', segment)
  const left = used(facts, 'out', mark.segment ?? Math.max(0, spans.length - 1))
  switch (mark.kind) {
    case 'late':
      return came ? t('attendance.rule.late', { start, grace: shift.graceInMinutes, at: minuteOf(came), minutes: mark.minutes }) : t('attendance.rule.lateCorrected', { start, minutes: mark.minutes })
    case 'earlyLeave':
      if (shift.kind === 'flexible') {
        return t('attendance.rule.short', { required: hours(day.requiredMinutes), worked: hours(day.workedMinutes), grace: shift.graceOutMinutes, minutes: mark.minutes })
      }
      return left ? t('attendance.rule.earlyLeave', { end, grace: shift.graceOutMinutes, at: minuteOf(left), minutes: mark.minutes }) : t('attendance.rule.earlyCorrected', { end, minutes: mark.minutes })
    case 'missingIn':
      return t('attendance.rule.missingIn', { start, end })
    case 'missingOut':
      return t('attendance.rule.missingOut', { start, end })
    case 'absent': {
      // Somebody was there: so it was lateness or leaving early that became an absence.
      const limit = came || left ? (shift.absentAfterMinutes ?? shift.halfDayAfterMinutes) : null
      if (limit !== null) return t('attendance.rule.absentLate', { start, end, hours: hours(mark.minutes), limit: mark.minutes < day.requiredMinutes && shift.halfDayAfterMinutes !== null ? shift.halfDayAfterMinutes : limit })
      return mark.segment === null ? t('attendance.rule.absentDay', { hours: hours(mark.minutes) }) : t('attendance.rule.absentSegment', { start, end, hours: hours(mark.minutes) })
    }
  }
}
