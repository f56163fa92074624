import { useTranslation } from 'react-i18next'
import { useQuota } from '../../../api/attendance'

/** How many missed punches somebody has had put right this month, and how many they may. */
export function QuotaLine({ employeeId, month }: { employeeId: string; month: string }) {
  const { t } = useTranslation()
  const quota = useQuota(employeeId, month)
  if (!quota.data) return null
  const { used, quota: most } = quota.data
  return (
    <p className={most !== null && used >= most ? 'warn' : 'muted'} role="status">
      {most === null ? t('appeal.quotaNone', { month, count: used }) : t('appeal.quota', { month, used, count: most })}
    </p>
  )
}
