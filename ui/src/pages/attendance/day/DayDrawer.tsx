import { LeftOutlined, RightOutlined } from '@ant-design/icons'
import { Button, Drawer } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDay } from '../../../api/attendance'
import type { DayDetail } from '../../../api/attendanceTypes'
import { Failure, Loading, shiftDate } from '../../../kit'
import { Correct } from '../appeals/Correct'
import { RaiseAppeal } from '../appeals/RaiseAppeal'
import { dateWords } from '../../../kit/dateWords'
import { hours, unlifted } from '../marks'
import { DayMarks, Locked, Provisional } from '../tags'
import { AppealsOfDay, CorrectionsOfDay, History, LeavesOfDay } from './Beside'
import { Facts } from './Facts'
import { Heard } from './Heard'
import { Plan } from './Plan'
import { TimelineChart } from './TimelineChart'
import { Why } from './Why'

interface Props {
  employeeId: string
  date: string
  onDate: (date: string) => void
  onClose: () => void
}

/** Somebody's day: what was planned, what was punched, what was made of it and why, and how sure that is. */
export function DayDrawer({ employeeId, date, onDate, onClose }: Props) {
  const { t } = useTranslation()
  const query = useDay(employeeId, date)
  const detail = query.data
  const [asking, setAsking] = useState<'appeal' | 'correct' | null>(null)
  const name = detail?.day.name ?? ''
  return (
    <Drawer
      open
      size={720}
      title={
        <span className="day-title">
          <span>{name}</span>
          <span className="day-title-date">
            <Button type="text" size="small" icon={<LeftOutlined />} aria-label={t('attendance.dayBefore')} onClick={() => onDate(shiftDate(date, -1))} />
            <span>{dateWords(date)}</span>
            <Button type="text" size="small" icon={<RightOutlined />} aria-label={t('attendance.dayAfter')} onClick={() => onDate(shiftDate(date, 1))} />
          </span>
        </span>
      }
      onClose={onClose}
      footer={
        detail && (
          <div className="form-foot" style={{ justifyContent: 'flex-end' }}>
            {detail.day.locked && <span className="muted">{t('attendance.lockedHint')}</span>}
            <Button disabled={detail.day.locked} onClick={() => setAsking('correct')}>{t('correction.add')}</Button>
            <Button type="primary" disabled={detail.day.locked || unlifted(detail.day.marks).length === 0} title={unlifted(detail.day.marks).length === 0 ? t('appeal.nothingToRaise') : undefined} onClick={() => setAsking('appeal')}>
              {t('appeal.raise')}
            </Button>
          </div>
        )
      }
    >
      {query.error && !detail && <Failure title={t('attendance.dayFailed')} error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <Loading />}
      {detail && <Explained detail={detail} />}
      {asking === 'appeal' && detail && <RaiseAppeal employeeId={employeeId} name={name} date={date} onClose={() => setAsking(null)} />}
      {asking === 'correct' && detail && <Correct detail={detail} onClose={() => setAsking(null)} />}
    </Drawer>
  )
}

function Explained({ detail }: { detail: DayDetail }) {
  const { t } = useTranslation()
  const { day } = detail
  return (
    <div className="day-parts">
      <div className="day-verdict">
        <DayMarks day={day} />
        {day.provisional && <Provisional reasons={day.reasons} />}
        {day.locked && <Locked />}
      </div>
      <dl className="day-figures">
        <div><dt>{t('attendance.colWorked')}</dt><dd>{hours(day.workedMinutes)}</dd></div>
        <div><dt>{t('attendance.colRequired')}</dt><dd>{hours(day.requiredMinutes)}</dd></div>
        <div><dt>{t('attendance.colOvertime')}</dt><dd>{hours(day.overtimeMinutes)}</dd></div>
        <div><dt>{t('attendance.colLeave')}</dt><dd>{hours(day.leaveMinutes)}</dd></div>
      </dl>
      <TimelineChart detail={detail} />
      <Why detail={detail} />
      <Plan detail={detail} />
      <Facts detail={detail} />
      <Heard detail={detail} />
      <LeavesOfDay leaves={detail.leaves} />
      <AppealsOfDay appeals={detail.appeals} />
      <CorrectionsOfDay corrections={detail.corrections} locked={day.locked} />
      <History lines={detail.history} />
    </div>
  )
}
