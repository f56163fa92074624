import { Button, Drawer } from 'antd'
import { useTranslation } from 'react-i18next'
import { useAppeal, useCorrections, useWithdrawAppeal, useWithdrawCorrection } from '../../../api/appeals'
import type { Appeal } from '../../../api/attendanceTypes'
import { Failure, Loading, localTime, useFilters, useNotice } from '../../../kit'
import { whoText } from '../../audit/whoText'
import { dayClock } from '../clock'
import { dateWords } from '../../../kit/dateWords'
import { dayKey } from '../openDay'
import { DayMarks } from '../tags'
import type { Asked } from './Decide'
import { EvidenceView } from './EvidenceView'
import { QuotaLine } from './QuotaLine'
import { APPEAL_TONE } from './states'
import { isMissing } from './claimed'

interface Props {
  id: number
  onDecide: (asked: Asked) => void
  onClose: () => void
}

/** One appeal with everything a decision needs; a decision that was wrong can be taken back. */
export function AppealDrawer({ id, onDecide, onClose }: Props) {
  const { t } = useTranslation()
  const { set } = useFilters()
  const query = useAppeal(id)
  const appeal = query.data
  return (
    <Drawer
      open
      size={560}
      title={appeal ? t('appeal.title', { name: appeal.name, date: dateWords(appeal.date) }) : t('attendance.part.appeals')}
      onClose={onClose}
      footer={appeal && <Foot appeal={appeal} onDecide={onDecide} />}
    >
      {query.error && !appeal && <Failure title={t('appeal.loadFailed')} error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <Loading />}
      {appeal && (
        <div className="day-parts">
          <dl className="facts">
            <dt>{t('appeal.stateLabel')}</dt>
            <dd><span className={`tag tag-${APPEAL_TONE[appeal.state]}`}>{t(`appeal.state.${appeal.state}`)}</span></dd>
            <dt>{t('appeal.mark')}</dt>
            <dd>{t(`attendance.mark.${appeal.mark}`)}</dd>
            {appeal.claimed !== null && (
              <>
                <dt>{t('appeal.claimed')}</dt>
                <dd><strong>{appeal.claimed}</strong></dd>
              </>
            )}
            <dt>{t('appeal.reason')}</dt>
            <dd className="said">{appeal.reason}</dd>
            <dt>{t('appeal.raisedAt')}</dt>
            <dd>{localTime(appeal.raisedAt).slice(0, 16)} · {whoText(t, appeal.raisedBy)}</dd>
            {appeal.decidedAt !== null && (
              <>
                <dt>{t('appeal.decidedAt')}</dt>
                <dd>{localTime(appeal.decidedAt).slice(0, 16)} · {whoText(t, appeal.decidedBy ?? '')}</dd>
              </>
            )}
            {appeal.note !== null && appeal.note !== '' && (
              <>
                <dt>{t('appeal.note')}</dt>
                <dd className="said">{appeal.note}</dd>
              </>
            )}
          </dl>
          {isMissing(appeal.mark) && <QuotaLine employeeId={appeal.employeeId} month={appeal.date.slice(0, 7)} />}
          <section aria-label={t('appeal.day')}>
            <div className="day-section-head">
              <h3>{t('appeal.day')}</h3>
              <Button size="small" onClick={() => set({ day: dayKey(appeal.employeeId, appeal.date) })}>{t('attendance.openDay')}</Button>
            </div>
            {appeal.day === null ? (
              <p className="muted">{t('attendance.noDayYet')}</p>
            ) : (
              <div className="day-verdict">
                <DayMarks day={appeal.day} />
                <span className="muted">{t('attendance.use.in')} {dayClock(appeal.date, appeal.day.firstIn)} · {t('attendance.use.out')} {dayClock(appeal.date, appeal.day.lastOut)}</span>
              </div>
            )}
          </section>
          <section aria-label={t('appeal.evidence')}>
            <div className="day-section-head"><h3>{t('appeal.evidence')}</h3></div>
            <EvidenceView appeal={appeal} />
          </section>
        </div>
      )}
    </Drawer>
  )
}

function Foot({ appeal, onDecide }: { appeal: Appeal; onDecide: (asked: Asked) => void }) {
  const { t } = useTranslation()
  const notice = useNotice()
  const withdraw = useWithdrawAppeal()
  if (appeal.state === 'approved') return <Undo appeal={appeal} />
  if (appeal.state !== 'open') return null
  return (
    <div className="form-foot" style={{ justifyContent: 'flex-end' }}>
      <Button loading={withdraw.isPending} onClick={() => notice.attempt(withdraw.mutateAsync(appeal.id), t('appeal.withdrawn'), t('appeal.decideFailed'))}>{t('appeal.withdraw')}</Button>
      <Button danger onClick={() => onDecide({ decision: 'reject', appeals: [appeal] })}>{t('appeal.reject')}</Button>
      <Button type="primary" onClick={() => onDecide({ decision: 'approve', appeals: [appeal] })}>{t('appeal.approve')}</Button>
    </div>
  )
}

/** An approval is a correction of the day; with it withdrawn, the day is as it was before. */
function Undo({ appeal }: { appeal: Appeal }) {
  const { t } = useTranslation()
  const notice = useNotice()
  const corrections = useCorrections(appeal.employeeId, appeal.date, appeal.date)
  const withdraw = useWithdrawCorrection()
  const holding = corrections.data?.filter(({ appealId, withdrawnAt }) => appealId === appeal.id && withdrawnAt === null) ?? []
  if (!corrections.data) return null
  if (holding.length === 0) return <p className="muted">{t('appeal.undone')}</p>
  const undo = async () => {
    for (const { id } of holding) await withdraw.mutateAsync(id)
  }
  return (
    <div className="form-foot" style={{ justifyContent: 'flex-end' }}>
      <span className="muted">{t('appeal.undoHint')}</span>
      <Button danger loading={withdraw.isPending} onClick={() => notice.attempt(undo(), t('correction.withdrawnDone'), t('correction.withdrawFailed'))}>{t('appeal.undo')}</Button>
    </div>
  )
}
