import { Drawer } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useJob } from '../../api/jobs'
import { Failure, JobProgress, jobTitle, Loading, localTime, logLineText } from '../../kit'
import { whoText } from '../audit/whoText'

const TONE = { info: '', warning: 'warn', error: 'bad' } as const

/** A job with its log, in the order things happened. */
export function JobDrawer({ id, onClose }: { id: number; onClose: () => void }) {
  const { t } = useTranslation()
  const query = useJob(id)
  const job = query.data
  return (
    <Drawer open size={620} title={job ? jobTitle(job) : t('jobs.log')} onClose={onClose}>
      {query.error && !job && <Failure title={t('jobs.loadFailed')} error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <Loading />}
      {job && (
        <div className="form">
          <JobProgress job={job} />
          {job.kind === 'attendanceRecompute' && <Link to={`/attendance/sheet?recompute=${String(job.id)}`}>{t('recompute.see')}</Link>}
          <dl className="facts">
            <dt>{t('audit.colWho')}</dt>
            <dd>{whoText(t, job.who)}</dd>
            <dt>{t('jobs.colCreated')}</dt>
            <dd>{localTime(job.createdAt)}</dd>
            {job.startedAt !== null && (
              <>
                <dt>{t('jobs.started')}</dt>
                <dd>{localTime(job.startedAt)}</dd>
              </>
            )}
            {job.endedAt !== null && (
              <>
                <dt>{t('jobs.colEnded')}</dt>
                <dd>{localTime(job.endedAt)}</dd>
              </>
            )}
            {job.nextAt !== null && (
              <>
                <dt>{t('jobs.next')}</dt>
                <dd>{localTime(job.nextAt)}</dd>
              </>
            )}
          </dl>
          <h3>{t('jobs.log')}</h3>
          {job.log.length === 0 ? (
            <p className="muted">{t('jobs.logEmpty')}</p>
          ) : (
            <ol className="job-log" aria-label={t('jobs.log')}>
              {job.log.map((line, index) => (
                // Lines have no key of their own and never change their place.
                // oxlint-disable-next-line react/no-array-index-key
                <li key={`${line.time} ${String(index)}`}>
                  <time dateTime={line.time}>{localTime(line.time).slice(5)}</time>
                  {line.level === 'info' ? <span /> : <span className={`tag tag-${TONE[line.level]}`}>{t(`jobs.level.${line.level}`)}</span>}
                  <span>{logLineText(t, line)}</span>
                </li>
              ))}
            </ol>
          )}
        </div>
      )}
    </Drawer>
  )
}
