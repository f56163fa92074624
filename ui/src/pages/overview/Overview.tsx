import { Button } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { useJobsToConfirm } from '../../api/jobs'
import { useLatestPunches, useListener, useMachines, useOverview, useStrangers } from '../../api/queries'
import type { Listener, Machine } from '../../api/types'
import { Ago, Empty, explain, Failure, Horizon, jobTitle, Loading, machineState, number, PageHead, Panel, Reason, StatusDot, useNow, wallClock } from '../../kit'
import { QuarterChart } from './QuarterChart'
import { quarterNow } from './quarterNow'

/** Are all machines talking? Did people punch? What needs somebody? */
export function Overview() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const overview = useOverview()
  const machines = useMachines()
  const strangers = useStrangers()
  const listener = useListener()
  const now = useNow()

  const error = overview.error ?? machines.error
  if (error && !overview.data) {
    return (
      <main className="page">
        <PageHead title={t('overview.title')} />
        <Failure
          title={t('kit.loadFailed')}
          error={error}
          onRetry={() => {
            void overview.refetch()
            void machines.refetch()
          }}
        />
      </main>
    )
  }
  if (!overview.data || !machines.data) return <main className="page"><PageHead title={t('overview.title')} /><Loading /></main>

  const { machines: counts, punches } = overview.data
  const items = machines.data.items
  const strangerCount = strangers.data?.total ?? counts.strangers
  const nowIndex = quarterNow(now, punches.timeZone)

  return (
    <main className="page">
      <PageHead title={t('overview.title')} side={items.length > 0 ? <Horizon machines={items} /> : undefined} />
      {items.length === 0 && (
        <Panel label={t('overview.firstTitle')}>
          <Empty
            title={t('overview.firstTitle')}
            hint={t('overview.firstHint')}
            action={<Button type="primary" onClick={() => void navigate('/machines/connect')}>{t('overview.firstAction')}</Button>}
          />
        </Panel>
      )}
      <div className="columns">
        <div className="column">
          <Panel title={t('overview.punchesToday')} side={<strong>{number(punches.today)}</strong>}>
            {punches.today === 0 ? <p className="muted">{t('overview.noPunchesToday')}</p> : <QuarterChart counts={punches.quarterHours} date={punches.date} nowIndex={nowIndex} />}
          </Panel>
          <Panel title={t('overview.latest')} side={<Link to="/punches">{t('overview.latestAll')}</Link>}>
            <Latest machines={items} />
          </Panel>
        </div>
        <div className="column">
          <Panel title={t('overview.machines')}>
            <div className="figures">
              <Figure tone={counts.online > 0 ? 'good' : undefined} value={counts.online} name={t('overview.online')} />
              <Figure tone={counts.offline > 0 ? 'bad' : undefined} value={counts.offline} name={t('overview.offline')} />
              {counts.disabled > 0 && <Figure value={counts.disabled} name={t('overview.disabled')} />}
            </div>
          </Panel>
          <Panel title={t('overview.attention')}>
            <Attention machines={items} strangers={strangerCount} unmatched={punches.unmatched} rejected={punches.rejected} listener={listener.data} />
          </Panel>
        </div>
      </div>
    </main>
  )
}

function Figure({ value, name, tone }: { value: number; name: string; tone?: 'good' | 'bad' | undefined }) {
  return (
    <p className={tone ? `figure figure-${tone}` : 'figure'}>
      <strong>{number(value)}</strong>
      <span>{name}</span>
    </p>
  )
}

function Latest({ machines }: { machines: readonly Machine[] }) {
  const { t } = useTranslation()
  const latest = useLatestPunches(8)
  if (!latest.data || latest.data.items.length === 0) return <p className="muted">{t('punches.waiting')}</p>
  return (
    <ul className="lines">
      {latest.data.items.map((punch) => (
        <li key={punch.id}>
          <span>{wallClock(punch.time)}</span>
          {punch.name === null ? <span className="warn">{`${punch.pin} · ${t('punches.nobody')}`}</span> : <span>{punch.name}</span>}
          <span className="muted">{machines.find((machine) => machine.sn === punch.sn)?.name ?? punch.sn}</span>
        </li>
      ))}
    </ul>
  )
}

interface AttentionProps {
  machines: readonly Machine[]
  strangers: number
  unmatched: number
  rejected: number
  listener: Listener | undefined
}

function Attention({ machines, strangers, unmatched, rejected, listener }: AttentionProps) {
  const { t } = useTranslation()
  const jobs = useJobsToConfirm()
  const lines: ReactNode[] = []
  for (const job of jobs.data?.items ?? []) {
    lines.push(
      <li key={`job-${String(job.id)}`}>
        <div>
          <strong>{jobTitle(job)}</strong>
          <p className="muted">{t('jobs.waitsForYes')}</p>
        </div>
        <Link to="/jobs?state=needsConfirmation">{t('overview.see')}</Link>
      </li>,
    )
  }
  for (const problem of listener?.problems ?? []) {
    if (problem.level === 'hint') continue
    lines.push(
      <li key={problem.code}>
        <div>
          <strong>{t('app.listenerBanner')}</strong>
          <p className="muted">{explain(problem)}</p>
        </div>
        <Link to="/settings">{t('action.details')}</Link>
      </li>,
    )
  }
  if (strangers > 0) {
    lines.push(
      <li key="strangers">
        <div>
          <strong>{t('overview.strangers', { count: strangers })}</strong>
          <p className="muted">{t('overview.strangersHint')}</p>
        </div>
        <Link to="/machines">{t('overview.see')}</Link>
      </li>,
    )
  }
  for (const machine of machines) {
    const state = machineState(machine)
    if (state !== 'offline' && state !== 'never' && machine.warnings.length === 0) continue
    if (!machine.enabled) continue
    lines.push(
      <li key={machine.sn}>
        <div>
          <strong>{machine.name}</strong>
          {state !== 'online' && (
            <p>
              <StatusDot state={state} /> {machine.lastSeenAt !== null && <span className="muted"><Ago at={machine.lastSeenAt} /></span>}
            </p>
          )}
          {machine.warnings.map((warning) => (
            <p key={warning.code}><Reason {...warning} /></p>
          ))}
        </div>
        <Link to={`/machines/${encodeURIComponent(machine.sn)}`}>{t('overview.openMachine')}</Link>
      </li>,
    )
  }
  for (const { sn, name, roster } of machines) {
    if (roster.failed === 0) continue
    lines.push(
      <li key={`failed-${sn}`}>
        <div>
          <strong>{t('overview.notSynced', { name, count: roster.failed })}</strong>
          <p className="muted">{t('overview.notSyncedHint')}</p>
        </div>
        <Link to={`/machines/${encodeURIComponent(sn)}?tab=people&state=failed`}>{t('overview.see')}</Link>
      </li>,
    )
  }
  if (unmatched > 0) {
    lines.push(
      <li key="unmatched">
        <div>
          <strong>{t('overview.unmatched', { count: unmatched })}</strong>
          <p className="muted">{t('overview.unmatchedHint')}</p>
        </div>
        <Link to="/punches?tab=unmatched">{t('overview.see')}</Link>
      </li>,
    )
  }
  if (rejected > 0) {
    lines.push(
      <li key="rejected">
        <div>
          <strong>{t('overview.rejected', { count: rejected })}</strong>
          <p className="muted">{t('punches.rejectedHint')}</p>
        </div>
        <Link to="/punches?tab=rejected">{t('overview.see')}</Link>
      </li>,
    )
  }
  return lines.length === 0 ? <p className="muted">{t('overview.nothingWrong')}</p> : <ul className="attention">{lines}</ul>
}
