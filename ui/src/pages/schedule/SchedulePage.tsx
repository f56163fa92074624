import { useTranslation } from 'react-i18next'

export function SchedulePage() {
  const { t } = useTranslation()
  return <div className="tab-body"><h2>{t('attendance.part.schedule')}</h2></div>
}
