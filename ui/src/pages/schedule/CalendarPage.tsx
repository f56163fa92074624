import { useTranslation } from 'react-i18next'

export function CalendarPage() {
  const { t } = useTranslation()
  return <div className="tab-body"><h2>{t('attendance.part.calendar')}</h2></div>
}
