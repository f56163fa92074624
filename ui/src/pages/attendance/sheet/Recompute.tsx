import { Button, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDifferences, useRecompute, type UnitFilter } from '../../../api/attendance'
import { isUnfinished, useJob } from '../../../api/jobs'
import { Failure, JobProgress, number, PeriodSelect, today, useFilters, useSubmit } from '../../../kit'
import { firstOf, lastOf } from '../../../kit/dates'
import { Differences } from './Differences'

interface Props {
  month: string
  unit: UnitFilter
  unitName: string | undefined
  locked: boolean
}

/** Judges days anew, as after an old shift was put right; a job that goes on when this is closed. */
export function Recompute({ month, unit, unitName, locked }: Props) {
  const { t } = useTranslation()
  const { get, set } = useFilters()
  const [asking, setAsking] = useState(false)
  const running = Number(get('recompute')) || null
  return (
    <>
      <Button disabled={locked} title={locked ? t('attendance.lockedHint') : undefined} onClick={() => setAsking(true)}>{t('recompute.start')}</Button>
      {asking && <Ask month={month} unit={unit} unitName={unitName} onStarted={(jobId) => set({ recompute: String(jobId) })} onClose={() => setAsking(false)} />}
      {running !== null && <Outcome jobId={running} onClose={() => set({ recompute: undefined })} />}
    </>
  )
}

function Ask({ month, unit, unitName, onStarted, onClose }: Omit<Props, 'locked'> & { onStarted: (jobId: number) => void; onClose: () => void }) {
  const { t } = useTranslation()
  const recompute = useRecompute()
  const [period, setPeriod] = useState({ from: firstOf(month), to: lastOf(month) < today() || firstOf(month) > today() ? lastOf(month) : today() })
  const { submit, busy, problem } = useSubmit(async () => {
    const { jobId } = await recompute.mutateAsync({ ...period, ...unit })
    onClose()
    onStarted(jobId)
  })
  return (
    <Modal open title={t('recompute.title')} onCancel={onClose} onOk={submit} okText={t('recompute.start')} cancelText={t('action.cancel')} okButtonProps={{ loading: busy }}>
      <div className="form">
        <p>{t('recompute.what', { who: unitName ?? t('recompute.everybody') })}</p>
        <PeriodSelect from={period.from} to={period.to} most={366} onChange={({ from, to }) => from !== undefined && to !== undefined && setPeriod({ from, to })} />
        {problem && <Failure title={t('recompute.failed')} error={problem} />}
      </div>
    </Modal>
  )
}

/** How far it is and, at the end, what it changed. */
function Outcome({ jobId, onClose }: { jobId: number; onClose: () => void }) {
  const { t } = useTranslation()
  const job = useJob(jobId)
  const over = job.data !== undefined && !isUnfinished(job.data)
  const differences = useDifferences(over ? jobId : null)
  return (
    <Modal open width={860} title={t('recompute.title')} onCancel={onClose} footer={null}>
      <div className="form">
        {job.error && !job.data && <Failure title={t('jobs.loadFailed')} error={job.error} onRetry={() => void job.refetch()} />}
        {job.data && <JobProgress job={job.data} />}
        {!over && <p className="muted">{t('recompute.goesOn')}</p>}
        {over && !differences.loading && differences.total === 0 && <p>{t('recompute.nothing')}</p>}
        {over && differences.total > 0 && (
          <>
            <p>{t('recompute.changed', { count: differences.total })}</p>
            <Differences rows={differences.rows} label={t('recompute.title')} />
            {differences.more && <Button onClick={differences.more}>{t('recompute.more', { shown: number(differences.rows.length), total: number(differences.total) })}</Button>}
          </>
        )}
      </div>
    </Modal>
  )
}
