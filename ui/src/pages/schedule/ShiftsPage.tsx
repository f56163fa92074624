import { useTranslation } from 'react-i18next'

export function ShiftsPage() {
  const { t } = useTranslation()
  return <div className="tab-body"><h2>{t('attendance.part.shifts')}</h2></div>
}
