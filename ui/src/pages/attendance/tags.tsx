import { ClockCircleOutlined, LockOutlined } from '@ant-design/icons'
import { Tooltip } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Day, DayReason, DayStatus, Mark } from '../../api/attendanceTypes'
import { inOrder, markText, signOf } from './marks'
import { reasonText } from './reasonText'
import { Sign } from './Sign'

/** A mark in words; one that an appeal has lifted stays, struck through, and says so. */
export function MarkTag({ mark }: { mark: Mark }) {
  const { t } = useTranslation()
  return (
    <span className={`mark mark-${mark.kind}${mark.lifted ? ' lifted' : ''}`}>
      <Sign name={mark.kind} />
      {mark.lifted ? <s>{markText(t, mark)}</s> : <span>{markText(t, mark)}</span>}
      {mark.lifted && <span className="lifted-by">{t('attendance.lifted')}</span>}
    </span>
  )
}

export function StatusTag({ status }: { status: DayStatus }) {
  const { t } = useTranslation()
  return (
    <span className={`mark mark-${signOf(status)}`}>
      <Sign name={signOf(status)} />
      <span>{t(`attendance.status.${status}`)}</span>
    </span>
  )
}

/** Everything that is wrong with a day or, of a day without marks, what it was. */
export function DayMarks({ day }: { day: Pick<Day, 'status' | 'marks'> }) {
  const marks = inOrder(day.marks)
  return (
    <span className="marks">
      {marks.every(({ lifted }) => lifted) && <StatusTag status={day.status} />}
      {marks.map((mark) => (
        <MarkTag key={`${mark.kind} ${String(mark.segment)} ${String(mark.lifted)}`} mark={mark} />
      ))}
    </span>
  )
}

/** That a day may still change, and by what; told to the pointer, the keyboard and the ear alike. */
export function Provisional({ reasons }: { reasons: readonly DayReason[] }) {
  const { t } = useTranslation()
  const why = reasons.map(reasonText)
  return (
    <Tooltip trigger={['hover', 'focus']} title={why.map((line) => <p key={line}>{line}</p>)}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the reason has to be reachable by keyboard */}
      <span className="tag provisional-tag" tabIndex={0} aria-label={`${t('attendance.provisional')}: ${why.join(' ')}`} role="note">
        <ClockCircleOutlined aria-hidden="true" /> {t('attendance.provisional')}
      </span>
    </Tooltip>
  )
}

export function Locked() {
  const { t } = useTranslation()
  return (
    <span className="tag" title={t('attendance.lockedHint')}>
      <LockOutlined aria-hidden="true" /> {t('attendance.locked')}
    </span>
  )
}
