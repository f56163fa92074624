import { Modal } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useDay } from '../../../api/attendance'
import type { ExceptionRow } from '../../../api/attendanceTypes'
import { Failure, Loading, localTime } from '../../../kit'
import { dateWords } from '../../../kit/dateWords'
import { reuploadPath } from '../day/Heard'

/** Before anybody is held late or absent: the machines that may still hold a punch, and the way to asking them. */
export function AskAgain({ row, onClose }: { row: ExceptionRow; onClose: () => void }) {
  const { t } = useTranslation()
  const day = useDay(row.employeeId, row.date)
  return (
    <Modal open title={t('exceptions.askAgainTitle', { name: row.name, date: dateWords(row.date) })} onCancel={onClose} footer={null}>
      <div className="form">
        <p className="muted">{t('exceptions.askAgainHint')}</p>
        {day.error && !day.data && <Failure title={t('attendance.dayFailed')} error={day.error} onRetry={() => void day.refetch()} />}
        {day.isPending && <Loading />}
        {day.data?.horizon.length === 0 && <p>{t('attendance.noMachines')}</p>}
        <ul className="day-list">
          {day.data?.horizon.map((machine) => (
            <li key={machine.sn}>
              <span>
                <strong>{machine.name}</strong> · {machine.heardUntil === null ? t('attendance.neverHeard') : t('attendance.heardUntil', { time: localTime(machine.heardUntil).slice(0, 16) })}
              </span>
              {machine.enabled ? <Link to={reuploadPath(machine.sn, row.date)}>{t('attendance.reupload')}</Link> : <span className="muted">{t('status.disabled')}</span>}
            </li>
          ))}
        </ul>
      </div>
    </Modal>
  )
}
