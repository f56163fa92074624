import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { usePersonDays } from '../../../api/attendance'
import { Failure, Loading, today } from '../../../kit'
import { firstOf, lastOf } from '../../../kit/dates'
import { QuotaLine } from '../appeals/QuotaLine'
import { DayDrawer } from '../day/DayDrawer'
import { MonthSwitch } from '../DateSwitch'
import { hours } from '../marks'
import { totalsOf } from '../totals'
import { PersonMonth } from './PersonMonth'

/** Somebody's month: each day as it was, what it comes to, and how many missed punches were put right. */
export function PersonDays({ employeeId }: { employeeId: string }) {
  const { t } = useTranslation()
  const [month, setMonth] = useState(today().slice(0, 7))
  const [open, setOpen] = useState<string | null>(null)
  const days = usePersonDays(employeeId, firstOf(month), lastOf(month))
  const totals = totalsOf(days.data ?? [])
  return (
    <div className="form">
      <div className="person-machine">
        <MonthSwitch month={month} onChange={setMonth} />
        <Link to={`/attendance/days?person=${encodeURIComponent(employeeId)}`}>{t('attendance.personAll')}</Link>
      </div>
      {days.error && !days.data && <Failure title={t('attendance.personFailed')} error={days.error} onRetry={() => void days.refetch()} />}
      {days.isPending && <Loading />}
      {days.data?.length === 0 && <p className="muted">{t('attendance.personNone')}</p>}
      {days.data && days.data.length > 0 && (
        <>
          <dl className="day-figures">
            <div><dt>{t('attendance.colWorked')}</dt><dd>{hours(totals.workedMinutes)}</dd></div>
            <div><dt>{t('attendance.mark.late')}</dt><dd>{totals.lateCount}</dd></div>
            <div><dt>{t('attendance.mark.earlyLeave')}</dt><dd>{totals.earlyCount}</dd></div>
            <div><dt>{t('attendance.status.missing')}</dt><dd>{totals.missingCount}</dd></div>
            <div><dt>{t('attendance.mark.absent')}</dt><dd>{hours(totals.absentMinutes)}</dd></div>
            <div><dt>{t('attendance.colOvertime')}</dt><dd>{hours(totals.overtimeMinutes)}</dd></div>
          </dl>
          <PersonMonth month={month} days={days.data} onOpen={setOpen} />
        </>
      )}
      <QuotaLine employeeId={employeeId} month={month} />
      {open !== null && <DayDrawer employeeId={employeeId} date={open} onDate={setOpen} onClose={() => setOpen(null)} />}
    </div>
  )
}
