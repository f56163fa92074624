import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { ExceptionRow } from '../../../api/attendanceTypes'
import type { Column } from '../../../kit'
import { dateWords } from '../../../kit/dateWords'
import { MARKS } from '../marks'
import { MarkTag } from '../tags'

interface Acts {
  onOpen: (row: ExceptionRow) => void
  onRaise: (row: ExceptionRow) => void
  onAskAgain: (row: ExceptionRow) => void
}

export function useExceptionColumns({ onOpen, onRaise, onAskAgain }: Acts): Column<ExceptionRow>[] {
  const { t } = useTranslation()
  return [
    { key: 'date', title: t('attendance.date'), width: '140px', always: true, compare: (a, b) => a.date.localeCompare(b.date), render: (row) => <span>{dateWords(row.date)}</span> },
    { key: 'name', title: t('people.name'), width: 'minmax(110px, 1fr)', always: true, compare: (a, b) => a.name.localeCompare(b.name, 'zh'), render: (row) => <button type="button" className="link-button" title={row.name} onClick={() => onOpen(row)}>{row.name}</button> },
    { key: 'department', title: t('people.colDepartment'), width: 'minmax(110px, 1fr)', render: (row) => <span>{row.departmentName ?? '–'}</span> },
    {
      key: 'mark',
      title: t('attendance.colMarks'),
      width: 'minmax(150px, 1.2fr)',
      always: true,
      compare: (a, b) => MARKS.indexOf(a.mark) - MARKS.indexOf(b.mark) || b.minutes - a.minutes,
      render: (row) => <MarkTag mark={{ kind: row.mark, minutes: row.minutes, lifted: false, segment: null }} />,
    },
    {
      key: 'remarks',
      title: t('machines.colWarnings'),
      width: 'minmax(120px, 1fr)',
      render: (row) => (
        <span className="marks">
          {row.provisional && <span className="tag" title={t('exceptions.provisionalHint')}>{t('attendance.provisional')}</span>}
          {row.openAppeals > 0 && <span className="tag tag-warn">{t('attendance.openAppeals', { count: row.openAppeals })}</span>}
        </span>
      ),
    },
    {
      key: 'actions',
      title: t('machines.colActions'),
      width: '230px',
      quiet: true,
      stays: true,
      always: true,
      render: (row) => (
        <span className="row-actions">
          <Button size="small" disabled={row.openAppeals > 0} aria-label={`${t('appeal.raise')}: ${row.name} ${row.date}`} onClick={() => onRaise(row)}>{t('appeal.raise')}</Button>
          <Button size="small" aria-label={`${t('exceptions.askAgain')}: ${row.name} ${row.date}`} onClick={() => onAskAgain(row)}>{t('exceptions.askAgain')}</Button>
        </span>
      ),
    },
  ]
}
