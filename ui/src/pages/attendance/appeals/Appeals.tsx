import { useTranslation } from 'react-i18next'

export function Appeals() {
  const { t } = useTranslation()
  return <div className="tab-body"><h2>{t('attendance.part.appeals')}</h2></div>
}
