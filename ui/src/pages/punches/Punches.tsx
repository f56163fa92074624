import { Tabs } from 'antd'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLatestPunches, useMachines, useRejected } from '../../api/queries'
import type { Machine, RejectedLine } from '../../api/types'
import { Ago, DataTable, Empty, Failure, PageHead, Reason, useFilters, wallClock, wallDate, type Column } from '../../kit'
import { useVerifyText } from '../../words/verify'
import { punchEventText } from './punchEvent'
import { PunchTable } from './PunchTable'


const TABS = ['live', 'all', 'unmatched', 'rejected'] as const
const FILTERS = { sn: undefined, person: undefined, pin: undefined, from: undefined, to: undefined, sort: undefined }

export function Punches() {
  const { t } = useTranslation()
  const { get, set } = useFilters()
  const machines = useMachines()
  const items = machines.data?.items ?? []
  const tab = TABS.find((name) => name === get('tab')) ?? 'live'
  return (
    <main className="page">
      <PageHead title={t('punches.title')} />
      <Tabs
        className="page-tabs"
        activeKey={tab}
        onChange={(next) => set({ ...FILTERS, tab: next === 'live' ? undefined : next })}
        destroyOnHidden
        items={[
          { key: 'live', label: t('punches.tabLive'), children: <Wall machines={items} /> },
          { key: 'all', label: t('punches.tabAll'), children: <div className="tab-body"><PunchTable id="punches" machines={items} /></div> },
          {
            key: 'unmatched',
            label: t('punches.tabUnmatched'),
            children: (
              <div className="tab-body">
                <p className="muted">{t('punches.unmatchedHint')}</p>
                <PunchTable id="unmatched" machines={items} unmatched />
              </div>
            ),
          },
          { key: 'rejected', label: t('punches.tabRejected'), children: <Rejected machines={items} /> },
        ]}
      />
    </main>
  )
}

/** The latest arrivals, large enough to be read from the door. */
function Wall({ machines }: { machines: readonly Machine[] }) {
  const { t } = useTranslation()
  const verifyText = useVerifyText()
  const latest = useLatestPunches(60)
  const fresh = useFresh(latest.data?.items.map(({ id }) => id))
  if (latest.error && !latest.data) return <Failure title={t('kit.loadFailed')} error={latest.error} onRetry={() => void latest.refetch()} />
  if (!latest.data) return null
  if (latest.data.items.length === 0) {
    return (
      <div className="tab-body">
        <div className="table-block"><Empty title={t('punches.waiting')} hint={t('punches.waitingHint')} /></div>
      </div>
    )
  }
  return (
    <div className="tab-body">
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to be reachable by keyboard */}
      <ul className="wall" tabIndex={0} aria-label={t('overview.latest')}>
        {latest.data.items.map((punch) => (
          <li key={punch.id} className={fresh.has(punch.id) ? 'fresh' : undefined}>
            <span className="when">{wallClock(punch.time)}</span>
            {punch.name === null ? <span className="who warn">{`${punch.pin} · ${t('punches.nobody')}`}</span> : <span className="who">{punch.name}</span>}
            <span>{machines.find((machine) => machine.sn === punch.sn)?.name ?? punch.sn}</span>
            <span className="muted">{[verifyText(punch), ...(punch.kind === 'punch' ? [] : [punchEventText(punch) ?? t(`punchKind.${punch.kind}`)])].join(' · ')}</span>
            <span className="muted">{wallDate(punch.time)}</span>
          </li>
        ))}
      </ul>
      <p className="sr-only" role="status">
        {latest.data.items[0] ? `${latest.data.items[0].name ?? latest.data.items[0].pin} ${wallClock(latest.data.items[0].time)}` : ''}
      </p>
    </div>
  )
}

/** Which of the shown were not shown before; nothing is fresh at the first look. */
function useFresh(ids: readonly number[] | undefined): ReadonlySet<number> {
  const seen = useRef<ReadonlySet<number> | undefined>(undefined)
  const [fresh, setFresh] = useState<ReadonlySet<number>>(new Set())
  const key = ids?.join()
  useEffect(() => {
    if (key === undefined) return
    const now = new Set(key.split(',').map(Number))
    const before = seen.current
    if (before) setFresh(new Set([...now].filter((id) => !before.has(id))))
    seen.current = now
  }, [key])
  return fresh
}

function Rejected({ machines }: { machines: readonly Machine[] }) {
  const { t } = useTranslation()
  const list = useRejected()
  const columns = useMemo<Column<RejectedLine>[]>(
    () => [
      { key: 'received', title: t('punches.colReceived'), width: '130px', render: (line) => <Ago at={line.receivedAt} /> },
      { key: 'machine', title: t('punches.machine'), width: 'minmax(130px, 0.8fr)', render: (line) => <span>{machines.find(({ sn }) => sn === line.sn)?.name ?? line.sn}</span> },
      { key: 'line', title: t('punches.colLine'), width: 'minmax(280px, 2fr)', always: true, render: (line) => <span className="mono" title={line.line}>{line.line.replaceAll('\t', ' ⇥ ')}</span> },
      { key: 'reason', title: t('punches.colReason'), width: 'minmax(280px, 2fr)', always: true, render: (line) => <Reason code={line.reason} detail="" tone="plain" /> },
    ],
    [t, machines],
  )
  return (
    <div className="tab-body">
      <p className="muted">{t('punches.rejectedHint')}</p>
      <DataTable
        id="rejected"
        label={t('punches.tabRejected')}
        columns={columns}
        list={list}
        rowKey={(line) => `${line.sn} ${line.receivedAt} ${line.line}`}
        rowName={(line) => line.line}
        empty={<Empty title={t('punches.emptyRejected')} hint={t('punches.emptyRejectedHint')} />}
      />
    </div>
  )
}
