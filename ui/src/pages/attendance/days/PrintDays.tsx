import { useTranslation } from 'react-i18next'
import { wholeDays, type DayFilter } from '../../../api/attendance'
import type { Day } from '../../../api/attendanceTypes'
import { dateWords } from '../../../kit/dateWords'
import { dayClock } from '../clock'
import { hours } from '../marks'
import { PaperHead, PaperSigned, usePaper, type Printing } from '../paper'
import { DayMarks } from '../tags'

/** The report of a date on paper: everybody who is found, not only whom the screen shows. */
export const usePrintDays = (filter: DayFilter, unitName: string | undefined): Printing =>
  usePaper(() => wholeDays(filter), (days, printedAt) => <Paper date={filter.from} days={days} unitName={unitName} printedAt={printedAt} />)

function Paper({ date, days, unitName, printedAt }: { date: string; days: readonly Day[]; unitName: string | undefined; printedAt: string }) {
  const { t } = useTranslation()
  return (
    <div className="print-sheet paper-days">
      <PaperHead
        title={t('paper.dayTitle', { date: dateWords(date) })}
        of={unitName}
        printedAt={printedAt}
        state={days.some((day) => day.provisional) ? t('paper.provisional') : undefined}
      />
      <table>
        <thead>
          <tr>
            <th scope="col" className="paper-name">{t('people.name')}</th>
            <th scope="col">{t('people.colDepartment')}</th>
            <th scope="col">{t('attendance.colShift')}</th>
            <th scope="col" className="paper-clock">{t('attendance.colIn')}</th>
            <th scope="col" className="paper-clock">{t('attendance.colOut')}</th>
            <th scope="col" className="paper-clock">{t('attendance.colWorked')}</th>
            <th scope="col" className="paper-marks">{t('attendance.colMarks')}</th>
            <th scope="col" className="paper-signature">{t('paper.signature')}</th>
          </tr>
        </thead>
        <tbody>
          {days.map((day) => (
            <tr key={day.employeeId}>
              <th scope="row" className="paper-name">{day.name}</th>
              <td>{day.departmentName}</td>
              <td>{day.shiftName}</td>
              <td>{dayClock(day.date, day.firstIn)}</td>
              <td>{dayClock(day.date, day.lastOut)}</td>
              <td>{hours(day.workedMinutes)}</td>
              <td className="paper-marks">
                <DayMarks day={day} />
                {day.provisional && day.status !== 'pending' && <em>{t('attendance.provisional')}</em>}
              </td>
              <td className="paper-signature" aria-label={t('paper.signature')} />
            </tr>
          ))}
        </tbody>
      </table>
      <PaperSigned />
    </div>
  )
}
