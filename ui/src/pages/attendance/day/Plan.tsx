import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { DayDetail, Shift } from '../../../api/attendanceTypes'
import { wallTime } from '../../../kit'
import { breaksOf, clockOf, spansOf, type Span } from './timeline'
import { Section } from './Section'

const words = (spans: readonly Span[]): string => spans.map(({ from, to }) => `${clockOf(from)}–${clockOf(to)}`).join(', ')

/** What was to be done, and who says so. */
export function Plan({ detail: { plan, window } }: { detail: DayDetail }) {
  const { t } = useTranslation()
  return (
    <Section title={t('attendance.plan')}>
      <dl className="facts">
        <dt>{t('attendance.planned')}</dt>
        <dd>
          {plan.shift === null ? `${t(`attendance.plannedAs.${plan.planned}`)}${plan.holiday === null ? '' : ` · ${plan.holiday}`}` : <><strong>{plan.shift.name}</strong> {shiftWords(plan.shift)}</>}
        </dd>
        {plan.shift !== null && plan.shift.breaks.length > 0 && (
          <>
            <dt>{t('attendance.timeline.break')}</dt>
            <dd>{words(breaksOf(plan.shift))}</dd>
          </>
        )}
        {plan.shift !== null && (
          <>
            <dt>{t('attendance.grace')}</dt>
            <dd>{t('attendance.graceWords', { in: plan.shift.graceInMinutes, out: plan.shift.graceOutMinutes })}</dd>
          </>
        )}
        <dt>{t('attendance.planBecause')}</dt>
        <dd>
          {t(`attendance.planFrom.${plan.because}`)}
          {plan.because === 'assignment' && <> <Link to="/attendance/assignments">{t('attendance.toAssignments')}</Link></>}
          {plan.makeUp !== null && <> · {t('attendance.makeUp', { name: plan.makeUp })}</>}
        </dd>
        <dt>{t('attendance.window')}</dt>
        <dd>{t('attendance.windowWords', { from: wallTime(window.from).slice(5, 16), to: wallTime(window.to).slice(5, 16) })}</dd>
      </dl>
    </Section>
  )
}

const shiftWords = (shift: Shift): string => words(spansOf(shift.segments))
