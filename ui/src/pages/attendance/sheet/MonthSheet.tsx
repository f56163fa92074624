import { useTranslation } from 'react-i18next'

export function MonthSheet() {
  const { t } = useTranslation()
  return <div className="tab-body"><h2>{t('attendance.part.sheet')}</h2></div>
}
