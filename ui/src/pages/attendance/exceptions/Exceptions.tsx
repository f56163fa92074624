import { useTranslation } from 'react-i18next'

export function Exceptions() {
  const { t } = useTranslation()
  return <div className="tab-body"><h2>{t('attendance.part.exceptions')}</h2></div>
}
