import { useTranslation } from 'react-i18next'

export function DayReport() {
  const { t } = useTranslation()
  return <div className="tab-body"><h2>{t('attendance.part.days')}</h2></div>
}
