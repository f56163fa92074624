import { Button, Input, Select } from 'antd'
import { useDeferredValue, useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { usePunches } from '../../api/queries'
import type { Machine, Punch } from '../../api/types'
import { Ago, type Column, DataTable, Empty, localTime, named, PeriodSelect, useFilters, wallTime } from '../../kit'
import { PersonSelect } from '../../kit/org'
import { useVerifyText } from '../../words/verify'
import { Claim } from './Claim'
import { punchEventText } from './punchEvent'

interface Props {
  id: string
  machines: readonly Machine[]
  /** Only this machine's. */
  machine?: Machine
  /** Only those that belong to nobody. */
  unmatched?: boolean
  note?: ReactNode
}

/** Punches, searched by person, number, machine and period; the newest first. */
export function PunchTable({ id, machines, machine, unmatched = false }: Props) {
  const { t } = useTranslation()
  const verifyText = useVerifyText()
  const { get, set } = useFilters()
  const [claiming, setClaiming] = useState<Punch | null>(null)
  const filter = {
    sn: machine?.sn ?? (get('sn') || undefined),
    employeeId: get('person') || undefined,
    pin: get('pin') || undefined,
    from: get('from') || undefined,
    to: get('to') || undefined,
    matched: unmatched ? false : undefined,
  }
  const list = usePunches(useDeferredValue(filter.pin) === filter.pin ? filter : { ...filter })
  const nameOf = useMemo(() => new Map(machines.map(({ sn, name }) => [sn, name])), [machines])

  const columns = useMemo<Column<Punch>[]>(() => {
    const all: Column<Punch>[] = [
      { key: 'time', title: t('punches.colTime'), width: '180px', always: true, render: (punch) => <span>{wallTime(punch.time)}</span> },
      {
        key: 'name',
        title: t('people.name'),
        width: 'minmax(150px, 1.4fr)',
        always: true,
        render: (punch) =>
          punch.employeeId === null ? (
            <Button size="small" onClick={() => setClaiming(punch)}>{t('punches.claim')}</Button>
          ) : (
            <span>{punch.name}</span>
          ),
      },
      { key: 'pin', title: t('punches.colPin'), width: '120px', render: (punch) => <span>{punch.pin}</span> },
      {
        key: 'machine',
        title: t('punches.machine'),
        width: 'minmax(130px, 1fr)',
        render: (punch) => (nameOf.has(punch.sn) ? <Link to={`/machines/${encodeURIComponent(punch.sn)}`}>{nameOf.get(punch.sn)}</Link> : <span className="mono">{punch.sn}</span>),
      },
      { key: 'verify', title: t('punches.colVerify'), width: 'minmax(110px, 0.8fr)', render: (punch) => <span title={verifyText(punch)}>{verifyText(punch)}</span> },
      { key: 'status', title: t('punches.colStatus'), width: '110px', optional: true, render: (punch) => <span>{punch.status ?? '–'}</span> },
      { key: 'source', title: t('punches.colSource'), width: '110px', optional: true, render: (punch) => <span>{t(`source.${punch.source}`)}</span> },
      { key: 'event', title: t('punches.colEvent'), width: 'minmax(160px, 1fr)', optional: true, render: (punch) => <span>{punchEventText(punch) ?? t(`punchKind.${punch.kind}`)}</span> },
      { key: 'received', title: t('punches.colReceived'), width: '130px', render: (punch) => <Ago at={punch.receivedAt} /> },
      {
        key: 'flags',
        title: t('punches.colFlags'),
        width: 'minmax(140px, 1.2fr)',
        render: (punch) => (
          <span title={punchEventText(punch) ?? localTime(punch.receivedAt)}>
            {punch.kind !== 'punch' && <span className="tag tag-warn">{punchEventText(punch) ?? t(`punchKind.${punch.kind}`)}</span>}
            {punch.flags.map((flag) => (
              <span key={flag} className="tag tag-warn">{t(`flag.${flag}`)}</span>
            ))}
          </span>
        ),
      },
    ]
    return machine ? all.filter(({ key }) => key !== 'machine') : all
  }, [t, verifyText, nameOf, machine])

  const filtered = ['sn', 'person', 'pin', 'from', 'to'].some((name) => get(name) !== '')

  return (
    <>
      <DataTable
        id={id}
        label={t('punches.title')}
        columns={columns}
        list={list}
        rowKey={(punch) => String(punch.id)}
        rowName={(punch) => punch.name ?? punch.pin}
        filtered={filtered}
        onClearFilters={() => set({ sn: undefined, person: undefined, pin: undefined, from: undefined, to: undefined })}
        filters={
          <>
            {!unmatched && <PersonSelect label={t('punches.person')} value={get('person')} onChange={(person) => set({ person })} />}
            <Input allowClear aria-label={t('punches.search')} placeholder={t('punches.search')} style={{ width: 150 }} inputMode="numeric" value={get('pin')} onChange={(event) => set({ pin: event.target.value.replaceAll(/\D/g, '') })} />
            {!machine && (
              <Select
                allowClear
                showSearch={{ optionFilterProp: 'label' }}
                aria-label={t('punches.machine')} popupRender={named(t('punches.machine'))}
                placeholder={t('punches.machine')}
                style={{ width: 160 }}
                value={get('sn') || undefined}
                onChange={(sn: string | undefined) => set({ sn })}
                options={machines.map(({ sn, name }) => ({ value: sn, label: name }))}
              />
            )}
            <PeriodSelect from={get('from')} to={get('to')} onChange={set} />
          </>
        }
        empty={
          unmatched ? (
            <Empty title={t('punches.emptyUnmatched')} hint={t('punches.emptyUnmatchedHint')} />
          ) : (
            <Empty title={t('punches.empty')} hint={t('punches.emptyHint')} />
          )
        }
      />
      {claiming && <Claim punch={claiming} machineName={nameOf.get(claiming.sn) ?? claiming.sn} onClose={() => setClaiming(null)} />}
    </>
  )
}
