import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { explain, Panel } from '../../../kit'
import { shiftColor } from '../../../theme/shiftColors'
import type { NewShift } from '../../../api/scheduleTypes'
import { axisFor } from './bar'
import { faultOf } from './rule'
import { sentencesOf, summaryOf } from './sentences'
import { BarHours, ShiftBar } from './ShiftBar'

/** What is being entered, drawn and told by example, as long as it makes sense. */
export function Preview({ shift }: { shift: NewShift }) {
  const { t } = useTranslation()
  const fault = faultOf(shift)
  const axis = useMemo(() => axisFor([shift]), [shift])
  const parts = shift.kind === 'fixed' ? (['work', 'grace', 'break', 'window'] as const) : (['flexible', 'break', 'window'] as const)
  return (
    <Panel title={t('shifts.preview')}>
      {fault ? (
        <>
          <p className="muted">{t('shifts.previewFaulty')}</p>
          <p className="reason-warn">{explain({ code: fault, detail: '' })}</p>
        </>
      ) : (
        <div className="shift-preview">
          <div>
            <ShiftBar rule={shift} color={shift.color} axis={axis} label={summaryOf(t, shift)} />
            <BarHours axis={axis} atMost={13} />
          </div>
          <ul className={`bar-legend shift-${shiftColor(shift.color)}`} aria-hidden="true">
            {parts.map((part) => (
              <li key={part}>
                <span className={`bar-sample bar-${part}`} /> {t(`shifts.legend.${part}`)}
              </li>
            ))}
          </ul>
          <ul className="shift-says" aria-live="polite">
            {sentencesOf(t, shift).map((sentence) => <li key={sentence}>{sentence}</li>)}
          </ul>
        </div>
      )}
    </Panel>
  )
}
