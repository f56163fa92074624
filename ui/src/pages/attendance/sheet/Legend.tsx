import { useTranslation } from 'react-i18next'
import { MARKS } from '../marks'
import { Sign } from '../Sign'

const QUIET = ['normal', 'leave', 'rest', 'holiday', 'unscheduled', 'pending'] as const

/** What the shapes and letters of the sheet mean. */
export function Legend() {
  const { t } = useTranslation()
  return (
    <ul className="sheet-legend" aria-label={t('attendance.legend')}>
      {MARKS.map((mark) => (
        <li key={mark} className={`mark-${mark}`}><Sign name={mark} /> <strong>{t(`attendance.short.${mark}`)}</strong> {t(`attendance.mark.${mark}`)}</li>
      ))}
      {QUIET.map((status) => (
        <li key={status} className={`mark-${status}`}><Sign name={status} /> {status !== 'normal' && <strong>{t(`attendance.shortStatus.${status}`)}</strong>} {t(`attendance.status.${status}`)}</li>
      ))}
      <li><s className="muted">{t('attendance.short.late')}12</s> {t('attendance.lifted')}</li>
      <li><span className="legend-provisional" aria-hidden="true" /> {t('attendance.provisional')}</li>
    </ul>
  )
}
