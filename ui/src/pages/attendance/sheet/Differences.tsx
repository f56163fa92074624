import { useTranslation } from 'react-i18next'
import type { Day } from '../../../api/attendanceTypes'
import { dayClock } from '../clock'
import { dateWords } from '../../../kit/dateWords'
import { DayMarks } from '../tags'

interface Row {
  employeeId: string
  name: string
  date: string
  before: Day | null
  after: Day | null
}

/** Days before and after, side by side. */
export function Differences({ rows, label }: { rows: readonly Row[]; label: string }) {
  const { t } = useTranslation()
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to be reachable by keyboard
    <div className="differences" tabIndex={0} role="region" aria-label={label}>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">{t('people.name')}</th>
            <th scope="col">{t('attendance.date')}</th>
            <th scope="col">{t('sheet.before')}</th>
            <th scope="col">{t('sheet.after')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={`${row.employeeId} ${row.date}`}>
              <td>{row.name}</td>
              <td>{dateWords(row.date)}</td>
              <td><Side day={row.before} /></td>
              <td><Side day={row.after} /></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Side({ day }: { day: Day | null }) {
  const { t } = useTranslation()
  if (day === null) return <span className="muted">{t('sheet.noResult')}</span>
  return (
    <>
      <DayMarks day={day} />
      <p className="muted">{dayClock(day.date, day.firstIn)} – {dayClock(day.date, day.lastOut)}</p>
    </>
  )
}
