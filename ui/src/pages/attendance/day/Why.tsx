import { useTranslation } from 'react-i18next'
import type { DayDetail } from '../../../api/attendanceTypes'
import { inOrder } from '../marks'
import { MarkTag } from '../tags'
import { reasonText } from '../reasonText'
import { ruleText } from './ruleText'
import { Section } from './Section'

/** Each mark with the rule that made it, and what of the day is not certain yet. */
export function Why({ detail }: { detail: DayDetail }) {
  const { t } = useTranslation()
  const { day } = detail
  return (
    <Section title={t('attendance.why')}>
      {day.marks.length === 0 && <p className="muted">{t(`attendance.because.${day.status}`)}</p>}
      <ul className="day-list">
        {inOrder(day.marks).map((mark) => (
          <li key={`${mark.kind} ${String(mark.segment)} ${String(mark.lifted)}`}>
            <MarkTag mark={mark} />
            <span>{ruleText(t, mark, detail)}{mark.lifted && ` ${t('attendance.liftedHint')}`}</span>
          </li>
        ))}
      </ul>
      {day.provisional && (
        <ul className="day-reasons">
          {day.reasons.map((reason) => (
            <li key={`${reason.code} ${reason.sn ?? ''}`}>{reasonText(reason)}</li>
          ))}
        </ul>
      )}
    </Section>
  )
}
