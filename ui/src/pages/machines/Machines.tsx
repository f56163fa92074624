import { PlusOutlined } from '@ant-design/icons'
import { Button, Input } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { useMachines, useStrangers } from '../../api/queries'
import type { Machine } from '../../api/types'
import { Ago, type Column, DataTable, Empty, explain, FilterSelect, machineState, number, PageHead, StatusDot, useFilters } from '../../kit'
import { STATE_TONE } from '../machine/roster/states'
import { MachineForm, type MachineFormFor } from './MachineForm'
import { MachineMenu } from './MachineMenu'
import { Strangers } from './Strangers'

const compareText = (pick: (machine: Machine) => string | null) => (a: Machine, b: Machine) => (pick(a) ?? '').localeCompare(pick(b) ?? '')
const STATES = ['online', 'offline', 'never', 'disabled'] as const

export function Machines() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { get, set } = useFilters()
  const machines = useMachines()
  const strangers = useStrangers()
  const [form, setForm] = useState<MachineFormFor | null>(null)

  const columns = useMemo<Column<Machine>[]>(
    () => [
      { key: 'status', title: t('machines.colStatus'), width: '148px', compare: compareText(machineState), render: (machine) => <StatusDot state={machineState(machine)} /> },
      {
        key: 'name',
        title: t('machines.name'),
        width: 'minmax(100px, 1.4fr)',
        always: true,
        compare: compareText((machine) => machine.name),
        render: (machine) => <Link to={`/machines/${encodeURIComponent(machine.sn)}`}>{machine.name}</Link>,
      },
      { key: 'sn', title: t('machines.colSn'), width: 'minmax(128px, 1fr)', compare: compareText((machine) => machine.sn), render: (machine) => <span className="mono">{machine.sn}</span> },
      { key: 'model', title: t('machines.model'), width: 'minmax(90px, 0.9fr)', optional: true, compare: compareText((machine) => machine.model), render: (machine) => <span>{machine.model}</span> },
      { key: 'lastSeen', title: t('machines.colLastSeen'), width: '108px', compare: compareText((machine) => machine.lastSeenAt), render: (machine) => <Ago at={machine.lastSeenAt} /> },
      { key: 'address', title: t('machines.colAddress'), width: '140px', optional: true, compare: compareText((machine) => machine.address), render: (machine) => <span className="mono">{machine.address}</span> },
      { key: 'people', title: t('machine.people'), hint: t('machines.colPeople'), width: '88px', align: 'end', compare: (a, b) => a.roster.total - b.roster.total, render: (machine) => <Counts here={machine.roster.total} there={machine.reported.people} /> },
      { key: 'sync', title: t('roster.colState'), width: '188px', render: (machine) => <SyncCounts machine={machine} /> },
      { key: 'punches', title: t('machine.punches'), hint: t('machines.colPunches'), width: '100px', align: 'end', compare: (a, b) => a.held.punches - b.held.punches, render: (machine) => <Counts here={machine.held.punches} there={machine.reported.punches} /> },
      { key: 'warnings', title: t('machines.colWarnings'), width: 'minmax(84px, 1.2fr)', render: (machine) => <Warnings machine={machine} /> },
      { key: 'actions', title: t('machines.colActions'), width: '56px', quiet: true, stays: true, always: true, render: (machine) => <MachineMenu machine={machine} /> },
    ],
    [t],
  )

  const search = get('search')
  const status = get('status')
  const all = machines.data?.items
  const rows = useMemo(() => {
    const wanted = search.trim().toLowerCase()
    return (all ?? []).filter(
      (machine) =>
        (status === '' || machineState(machine) === status) &&
        [machine.name, machine.sn, machine.model, machine.address].some((text) => text?.toLowerCase().includes(wanted)),
    )
  }, [all, search, status])

  const addButton = (
    <Button type="primary" icon={<PlusOutlined aria-hidden="true" />} onClick={() => setForm({ kind: 'add' })}>
      {t('machines.add')}
    </Button>
  )
  const knocking = strangers.data?.items ?? []

  return (
    <main className="page">
      <PageHead title={t('machines.title')}>
        <Button onClick={() => void navigate('/machines/connect')}>{t('machines.guide')}</Button>
        {addButton}
      </PageHead>
      {knocking.length > 0 && (
        <Strangers strangers={knocking} machines={all ?? []} onAdopt={(stranger) => setForm({ kind: 'adopt', stranger })} />
      )}
      <DataTable
        id="machines"
        label={t('machines.title')}
        columns={columns}
        list={{ rows, total: rows.length, loading: machines.isPending, error: machines.error, retry: () => void machines.refetch() }}
        rowKey={(machine) => machine.sn}
        rowName={(machine) => machine.name}
        filtered={search !== '' || status !== ''}
        onClearFilters={() => set({ search: undefined, status: undefined })}
        filters={
          <>
            <Input.Search
              allowClear
              aria-label={t('machines.search')}
              placeholder={t('machines.search')}
              style={{ width: 300 }}
              value={search}
              onChange={(event) => set({ search: event.target.value })}
            />
            <FilterSelect label={t('machines.colStatus')} any={t('machines.filterAll')} options={STATES.map((value) => ({ value, label: t(`status.${value}`) }))} value={status} width={150} onChange={(value) => set({ status: value })} />
          </>
        }
        empty={
          <Empty
            title={t('machines.empty')}
            hint={t('machines.emptyHint')}
            action={
              <>
                <Button type="primary" onClick={() => void navigate('/machines/connect')}>{t('machines.guide')}</Button>
                <Button onClick={() => setForm({ kind: 'add' })}>{t('machines.add')}</Button>
              </>
            }
          />
        }
      />
      {form && <MachineForm what={form} onClose={() => setForm(null)} />}
    </main>
  )
}

/** What is here next to what the machine reports: a lasting difference is how lost data looks. */
function Counts({ here, there }: { here: number; there: number | null }) {
  return (
    <span>
      {number(here)} <span className="muted">/ {there === null ? '–' : number(there)}</span>
    </span>
  )
}

/** How far the machine has its list: all of it, or what is missing. */
function SyncCounts({ machine: { sn, roster } }: { machine: Machine }) {
  const { t } = useTranslation()
  if (roster.total === 0) return <span className="muted">–</span>
  const open = (['failed', 'waiting', 'noNumber'] as const).filter((state) => roster[state] > 0)
  if (open.length === 0) return <span className="tag tag-good">{t('rosterState.synced')}</span>
  return (
    <span className="row-actions">
      {open.map((state) => (
        <Link key={state} to={`/machines/${encodeURIComponent(sn)}?tab=people&state=${state}`} className={`tag tag-${STATE_TONE[state]}`}>
          {`${t(`rosterState.${state}`)} ${number(roster[state])}`}
        </Link>
      ))}
    </span>
  )
}

function Warnings({ machine }: { machine: Machine }) {
  const text = machine.warnings.map((warning) => explain(warning)).join(' ')
  return <span className="reason-warn" title={text}>{text}</span>
}
