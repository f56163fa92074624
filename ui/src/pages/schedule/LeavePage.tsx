import { useTranslation } from 'react-i18next'

export function LeavePage() {
  const { t } = useTranslation()
  return <div className="tab-body"><h2>{t('attendance.part.leave')}</h2></div>
}
