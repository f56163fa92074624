import { Button, Progress } from 'antd'
import { useTranslation } from 'react-i18next'
import { isOpen, isUnfinished, useCancelJob, useConfirmJob } from '../api/jobs'
import type { Job } from '../api/types'
import { jobOutcome, jobTitle, progressText } from './jobText'
import { useNotice } from './useNotice'

/** How far a job is, and what can be done with it. It goes on when the page is left. */
export function JobProgress({ job, onOpen }: { job: Job; onOpen?: () => void }) {
  const { t } = useTranslation()
  const { done, total } = job.progress
  const percent = total === 0 ? 0 : Math.floor((done / total) * 100)
  return (
    <section className={`job-progress job-${job.state}`} aria-label={jobTitle(job)}>
      <div className="job-words" role="status">
        <strong>{jobTitle(job)}</strong>
        <span>{isOpen(job) ? progressText(t, job) : jobOutcome(t, job)}</span>
      </div>
      {isOpen(job) && <Progress percent={percent} showInfo={false} size="small" aria-label={jobTitle(job)} />}
      <span className="job-buttons">
        {onOpen && <Button size="small" onClick={onOpen}>{t('jobs.log')}</Button>}
        <JobButtons job={job} />
      </span>
    </section>
  )
}

/** Stop it, or say yes to what it asks. */
export function JobButtons({ job }: { job: Job }) {
  const { t } = useTranslation()
  const notice = useNotice()
  const cancel = useCancelJob()
  const confirm = useConfirmJob()
  if (!isUnfinished(job)) return null
  const what = jobTitle(job)
  return (
    <>
      {job.state === 'needsConfirmation' && (
        <Button
          size="small"
          type="primary"
          danger
          loading={confirm.isPending}
          aria-label={`${t('jobs.confirm')}: ${what}`}
          onClick={() => notice.attempt(confirm.mutateAsync(job.id), t('jobs.confirmed', { what }), t('jobs.confirmFailed'))}
        >
          {t('jobs.confirm')}
        </Button>
      )}
      <Button
        size="small"
        loading={cancel.isPending}
        aria-label={`${t(job.state === 'needsConfirmation' ? 'jobs.refuse' : 'jobs.cancel')}: ${what}`}
        onClick={() => notice.attempt(cancel.mutateAsync(job.id), t('jobs.cancelled', { what }), t('jobs.cancelFailed'))}
      >
        {t(job.state === 'needsConfirmation' ? 'jobs.refuse' : 'jobs.cancel')}
      </Button>
    </>
  )
}
