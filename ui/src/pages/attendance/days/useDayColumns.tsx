import { Button } from 'antd'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Day } from '../../../api/attendanceTypes'
import type { Column } from '../../../kit'
import { dayClock } from '../clock'
import { hours, unlifted } from '../marks'
import { DayMarks, Locked, Provisional } from '../tags'

export function useDayColumns(onOpen: (day: Day) => void, onRaise: (day: Day) => void): Column<Day>[] {
  const { t } = useTranslation()
  return useMemo(
    () => [
      {
        key: 'name',
        title: t('people.name'),
        width: 'minmax(100px, 1fr)',
        always: true,
        compare: (a, b) => a.name.localeCompare(b.name, 'zh'),
        render: (day) => <button type="button" className="link-button" title={day.name} onClick={() => onOpen(day)}>{day.name}</button>,
      },
      { key: 'department', title: t('people.colDepartment'), width: 'minmax(106px, 0.8fr)', render: (day) => <span title={day.departmentName ?? ''}>{day.departmentName ?? '–'}</span> },
      { key: 'shift', title: t('attendance.colShift'), width: 'minmax(90px, 0.9fr)', render: (day) => <span title={day.shiftName ?? ''}>{day.shiftName ?? '–'}</span> },
      { key: 'in', title: t('attendance.colIn'), width: '80px', always: true, compare: (a, b) => (a.firstIn ?? '~').localeCompare(b.firstIn ?? '~'), render: (day) => <span>{dayClock(day.date, day.firstIn)}</span> },
      { key: 'out', title: t('attendance.colOut'), width: '86px', always: true, compare: (a, b) => (a.lastOut ?? '~').localeCompare(b.lastOut ?? '~'), render: (day) => <span>{dayClock(day.date, day.lastOut)}</span> },
      { key: 'worked', title: t('attendance.colWorked'), width: '76px', align: 'end', compare: (a, b) => a.workedMinutes - b.workedMinutes, render: (day) => <span>{hours(day.workedMinutes)}</span> },
      { key: 'required', title: t('attendance.colRequired'), width: '76px', align: 'end', optional: true, render: (day) => <span>{hours(day.requiredMinutes)}</span> },
      { key: 'overtime', title: t('attendance.colOvertime'), width: '76px', align: 'end', optional: true, compare: (a, b) => a.overtimeMinutes - b.overtimeMinutes, render: (day) => <span>{hours(day.overtimeMinutes)}</span> },
      { key: 'leave', title: t('attendance.colLeave'), width: '76px', align: 'end', optional: true, render: (day) => <span>{hours(day.leaveMinutes)}</span> },
      { key: 'marks', title: t('attendance.colMarks'), width: 'minmax(190px, 2fr)', always: true, render: (day) => <DayMarks day={day} /> },
      {
        key: 'remarks',
        title: t('machines.colWarnings'),
        width: 'minmax(110px, 1fr)',
        always: true,
        render: (day) => (
          <span className="marks">
            {day.provisional && <Provisional reasons={day.reasons} />}
            {day.locked && <Locked />}
            {day.openAppeals > 0 && <span className="tag tag-warn">{t('attendance.openAppeals', { count: day.openAppeals })}</span>}
          </span>
        ),
      },
      {
        key: 'actions',
        title: t('machines.colActions'),
        width: '86px',
        quiet: true,
        stays: true,
        always: true,
        render: (day) =>
          unlifted(day.marks).length > 0 && !day.locked ? (
            <Button size="small" aria-label={`${t('appeal.raise')}: ${day.name}`} onClick={() => onRaise(day)}>{t('appeal.raise')}</Button>
          ) : null,
      },
    ],
    [t, onOpen, onRaise],
  )
}
