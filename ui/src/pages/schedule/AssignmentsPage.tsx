import { useTranslation } from 'react-i18next'

export function AssignmentsPage() {
  const { t } = useTranslation()
  return <div className="tab-body"><h2>{t('attendance.part.assignments')}</h2></div>
}
