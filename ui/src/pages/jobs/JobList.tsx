import { Button, Progress } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { isOpen, useJobs } from '../../api/jobs'
import type { Job } from '../../api/types'
import { Ago, type Column, DataTable, Empty, FilterSelect, JOB_TONE, JobButtons, jobKindText, jobResult, jobTitle, progressText, useFilters } from '../../kit'
import { whoText } from '../audit/whoText'
import { JobDrawer } from './JobDrawer'

const STATES: readonly Job['state'][] = ['needsConfirmation', 'waiting', 'running', 'done', 'failed', 'cancelled']
const KINDS = ['rosterSync', 'dispatchRun', 'readBack', 'reupload', 'gapCheck', 'attendanceRecompute'] as const

/** Every job with what it does, how far it is, and what can be done with it. */
export function JobList() {
  const { t } = useTranslation()
  const { get, set } = useFilters()
  const state = STATES.find((each) => each === get('state'))
  const kind = KINDS.find((each) => each === get('kind'))
  const list = useJobs({ ...(state === undefined ? {} : { state }), ...(kind === undefined ? {} : { kind }) })
  const [open, setOpen] = useState<number | null>(null)
  const columns = useMemo<Column<Job>[]>(
    () => [
      { key: 'kind', title: t('jobs.colKind'), width: 'minmax(120px, 1fr)', always: true, render: (job) => <span>{jobKindText(job.kind)}</span> },
      {
        key: 'machine',
        title: t('punches.machine'),
        width: 'minmax(120px, 1fr)',
        render: (job) => (job.sn === null ? <span>–</span> : <Link to={`/machines/${encodeURIComponent(job.sn)}`}>{job.machineName ?? job.sn}</Link>),
      },
      { key: 'state', title: t('jobs.colState'), width: '118px', always: true, render: (job) => <span className={`tag tag-${JOB_TONE[job.state]}`}>{t(`jobs.state.${job.state}`)}</span> },
      { key: 'progress', title: t('jobs.colProgress'), width: 'minmax(240px, 2.4fr)', always: true, render: (job) => <JobCell job={job} /> },
      { key: 'who', title: t('audit.colWho'), width: '100px', optional: true, render: (job) => <span>{whoText(t, job.who)}</span> },
      { key: 'created', title: t('jobs.colCreated'), width: '110px', render: (job) => <Ago at={job.createdAt} /> },
      { key: 'ended', title: t('jobs.colEnded'), width: '110px', optional: true, render: (job) => (job.endedAt === null ? <span>–</span> : <Ago at={job.endedAt} />) },
      {
        key: 'actions',
        title: t('machines.colActions'),
        width: '216px',
        quiet: true,
        stays: true,
        always: true,
        render: (job) => (
          <span className="row-actions">
            <Button size="small" aria-label={`${t('jobs.log')}: ${jobTitle(job)}`} onClick={() => setOpen(job.id)}>{t('jobs.log')}</Button>
            <JobButtons job={job} />
          </span>
        ),
      },
    ],
    [t],
  )
  return (
    <div className="tab-body">
      <DataTable
        id="jobs"
        label={t('jobs.tabJobs')}
        columns={columns}
        list={list}
        rowKey={(job) => String(job.id)}
        rowName={(job) => jobTitle(job)}
        filtered={state !== undefined || kind !== undefined}
        onClearFilters={() => set({ state: undefined, kind: undefined })}
        filters={
          <>
            <FilterSelect label={t('jobs.colState')} any={t('jobs.anyState')} options={STATES.map((value) => ({ value, label: t(`jobs.state.${value}`) }))} value={state ?? ''} width={150} onChange={(value) => set({ state: value })} />
            <FilterSelect label={t('jobs.colKind')} any={t('jobs.anyKind')} options={KINDS.map((value) => ({ value, label: t(`jobs.kind.${value}`) }))} value={kind ?? ''} width={190} onChange={(value) => set({ kind: value })} />
          </>
        }
        empty={<Empty title={t('jobs.empty')} hint={t('jobs.emptyHint')} />}
      />
      {open !== null && <JobDrawer id={open} onClose={() => setOpen(null)} />}
    </div>
  )
}

function JobCell({ job }: { job: Job }) {
  const { t } = useTranslation()
  const text = isOpen(job) ? progressText(t, job) : jobResult(t, job)
  const { done, total } = job.progress
  return (
    <span className="job-cell" title={text}>
      {isOpen(job) && total > 0 && <Progress percent={Math.floor((done / total) * 100)} showInfo={false} size="small" aria-label={jobTitle(job)} />}
      <span>{text}</span>
    </span>
  )
}
