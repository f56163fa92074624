import { Alert, Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isUnfinished, useLatestJob } from '../../../api/jobs'
import { usePreview, useRunRule } from '../../../api/rules'
import type { DispatchRule, Machine } from '../../../api/types'
import { Confirm, Failure, jobOutcome, JobProgress, localTime, Panel, useNotice } from '../../../kit'
import { JobDrawer } from '../../jobs/JobDrawer'
import { CopyRule } from './CopyRule'
import { brakeText, countsText } from './previewText'

/** When the rule ran last, what came of it, and running it now. */
export function RuleRuns({ machine, rule }: { machine: Machine; rule: DispatchRule }) {
  const { t } = useTranslation()
  const job = useLatestJob(machine.sn, 'dispatchRun')
  const [asking, setAsking] = useState(false)
  const [copying, setCopying] = useState(false)
  const [open, setOpen] = useState<number | null>(null)
  const last = job.data
  return (
    <Panel
      title={t('rule.runs')}
      side={
        <span className="page-actions">
          <Button size="small" onClick={() => setCopying(true)}>{t('rule.copy')}</Button>
          <Button size="small" disabled={!rule.enabled} title={rule.enabled ? undefined : t('rule.isOff')} onClick={() => setAsking(true)}>{t('rule.run')}</Button>
        </span>
      }
    >
      <div className="form">
        {last && isUnfinished(last) && <JobProgress job={last} onOpen={() => setOpen(last.id)} />}
        <dl className="facts">
          <dt>{t('rule.lastRun')}</dt>
          <dd>
            {last && !isUnfinished(last) ? (
              <>
                {localTime(last.endedAt ?? last.createdAt)} · {jobOutcome(t, last)}{' '}
                <Button type="link" size="small" onClick={() => setOpen(last.id)}>{t('jobs.log')}</Button>
              </>
            ) : (
              t('rule.neverRan')
            )}
          </dd>
          <dt>{t('rule.nextRun')}</dt>
          <dd>{rule.nextRunAt === null ? t('rule.noNextRun') : localTime(rule.nextRunAt).slice(0, 16)}</dd>
        </dl>
      </div>
      {asking && <AskRun machine={machine} onClose={() => setAsking(false)} />}
      {copying && <CopyRule machine={machine} onClose={() => setCopying(false)} />}
      {open !== null && <JobDrawer id={open} onClose={() => setOpen(null)} />}
    </Panel>
  )
}

/** What the saved rule would do now; when the brake would hold it, the yes is asked here. */
function AskRun({ machine, onClose }: { machine: Machine; onClose: () => void }) {
  const { t } = useTranslation()
  const notice = useNotice()
  const preview = usePreview(machine.sn, null)
  const run = useRunRule(machine.sn)
  const brake = preview.data && brakeText(t, preview.data)
  const start = async () => {
    await run.mutateAsync(brake !== undefined)
    notice.done(t('rule.started', { name: machine.name }))
  }
  return (
    <Confirm
      title={t('rule.runTitle', { name: machine.name })}
      action={t(brake === undefined ? 'rule.run' : 'rule.runAnyway')}
      danger={brake !== undefined}
      ready={preview.data !== undefined}
      failed={t('rule.runFailed')}
      run={start}
      onClose={onClose}
    >
      {preview.data && <p>{countsText(t, preview.data)}</p>}
      {brake !== undefined && <Alert type="warning" showIcon title={brake} />}
      {preview.error && <Failure title={t('rule.runFailed')} error={preview.error} />}
    </Confirm>
  )
}
