import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useShiftCount } from '../../../api/attendance'
import { Empty } from '../../../kit'

/** Why there is nothing to see, and what would change that. */
export function NoDays({ date }: { date?: string }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const shifts = useShiftCount()
  if (shifts.data === 0) {
    return (
      <Empty
        title={t('attendance.noShifts')}
        hint={t('attendance.noShiftsHint')}
        action={<Button type="primary" onClick={() => void navigate('/attendance/shifts')}>{t('attendance.toShifts')}</Button>}
      />
    )
  }
  return (
    <Empty
      title={date === undefined ? t('attendance.noDays') : t('attendance.noDaysOn', { date })}
      hint={t('attendance.noDaysHint')}
      action={<Button onClick={() => void navigate('/attendance/assignments')}>{t('attendance.toAssignments')}</Button>}
    />
  )
}
