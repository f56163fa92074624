import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useWithdrawCorrection } from '../../../api/appeals'
import type { Appeal, Correction, DayDetail, LeaveOfDay } from '../../../api/attendanceTypes'
import { localTime, useNotice, wallClock } from '../../../kit'
import { said } from '../../../words/said'
import { whoText } from '../../audit/whoText'
import { APPEAL_TONE } from '../appeals/states'
import { Section } from './Section'

export function LeavesOfDay({ leaves }: { leaves: readonly LeaveOfDay[] }) {
  const { t } = useTranslation()
  if (leaves.length === 0) return null
  return (
    <Section title={t('attendance.status.leave')}>
      <ul className="day-list">
        {leaves.map((leave) => (
          <li key={leave.id}>
            <span className="tag">{t(`leaves.kind.${leave.kind}`)}</span>
            <span>
              {[leave.from, leave.start].filter(Boolean).join(' ')} – {[leave.to, leave.end].filter(Boolean).join(' ')}
              {leave.note !== '' && <span className="muted"> · {leave.note}</span>}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  )
}

export function AppealsOfDay({ appeals }: { appeals: readonly Appeal[] }) {
  const { t } = useTranslation()
  if (appeals.length === 0) return null
  return (
    <Section title={t('attendance.part.appeals')}>
      <ul className="day-list">
        {appeals.map((appeal) => (
          <li key={appeal.id}>
            <span className={`tag tag-${APPEAL_TONE[appeal.state]}`}>{t(`appeal.state.${appeal.state}`)}</span>
            <span>
              <Link to={`/attendance/appeals?state=${appeal.state}&appeal=${String(appeal.id)}`}>{t(`attendance.mark.${appeal.mark}`)}{appeal.claimed !== null && ` ${appeal.claimed}`}</Link>
              {' · '}{appeal.reason}
              {appeal.note !== null && appeal.note !== '' && <span className="muted"> · {t('appeal.noteIs', { note: appeal.note })}</span>}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  )
}

export function CorrectionsOfDay({ corrections, locked }: { corrections: readonly Correction[]; locked: boolean }) {
  const { t } = useTranslation()
  const notice = useNotice()
  const withdraw = useWithdrawCorrection()
  if (corrections.length === 0) return null
  return (
    <Section title={t('correction.title')}>
      <ul className="day-list">
        {corrections.map((correction) => {
          const what = correctionText(correction)
          return (
            <li key={correction.id}>
              <span className={correction.withdrawnAt === null ? 'tag tag-good' : 'tag'}>{t(correction.withdrawnAt === null ? 'correction.holds' : 'correction.withdrawn')}</span>
              <span>
                {correction.withdrawnAt === null ? what : <s>{what}</s>}
                {' · '}{correction.reason}
                <span className="muted"> · {whoText(t, correction.who)} {localTime(correction.createdAt).slice(0, 16)}</span>
              </span>
              {correction.withdrawnAt === null && (
                <Button
                  size="small"
                  disabled={locked}
                  loading={withdraw.isPending}
                  aria-label={`${t('correction.withdraw')}: ${what}`}
                  onClick={() => notice.attempt(withdraw.mutateAsync(correction.id), t('correction.withdrawnDone'), t('correction.withdrawFailed'))}
                >
                  {t('correction.withdraw')}
                </Button>
              )}
            </li>
          )
        })}
      </ul>
    </Section>
  )

  function correctionText({ kind, mark, time }: Correction): string {
    if (kind === 'punch') return t('correction.punchAt', { time: time === null ? '' : wallClock(time).slice(0, 5) })
    return t('correction.liftOf', { mark: mark === null ? '' : t(`attendance.mark.${mark}`) })
  }
}

export function History({ lines }: { lines: DayDetail['history'] }) {
  const { t } = useTranslation()
  if (lines.length === 0) return null
  return (
    <Section title={t('attendance.history')}>
      <ol className="job-log">
        {lines.map((line) => (
          <li key={`${line.time} ${line.what}`}>
            <time dateTime={line.time}>{localTime(line.time).slice(5, 16)}</time>
            <span className="muted">{whoText(t, line.who)}</span>
            <span>{said(`auditWhat.${line.what}`) ?? line.what}</span>
          </li>
        ))}
      </ol>
    </Section>
  )
}
