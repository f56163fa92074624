import { SyncOutlined } from '@ant-design/icons'
import { Button, Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLatestJob } from '../../../api/jobs'
import { useComparison, useComparisonCounts, useReadAgain } from '../../../api/rosterQueries'
import type { Comparison, ComparisonKind, Machine } from '../../../api/types'
import { Ago, DataTable, Empty, number, type Refusal, Refusals, useFilters, useNotice } from '../../../kit'
import { Watched } from '../../jobs/Watched'
import { nameOf } from './actions'
import { ClaimPerson } from './ClaimPerson'
import { CompareBatch } from './CompareBatch'
import { ConfirmDelete } from './ConfirmDelete'
import { useCompareColumns } from './useCompareColumns'

const KINDS: readonly ComparisonKind[] = ['onlyThere', 'onlyHere', 'different', 'same']

/** What is on the machine beside what should be, row by row, and what to do about it. */
export function Compare({ machine }: { machine: Machine }) {
  const { t } = useTranslation()
  const { get, set } = useFilters()
  const kind = KINDS.find((each) => each === get('kind'))
  const list = useComparison(machine.sn, kind)
  const counts = useComparisonCounts(machine.sn)
  const reading = useLatestJob(machine.sn, 'readBack')
  const [claiming, setClaiming] = useState<Comparison | null>(null)
  const [deleting, setDeleting] = useState<readonly Comparison[] | null>(null)
  const [refused, setRefused] = useState<readonly Refusal[]>([])
  const columns = useCompareColumns(machine, { onClaim: setClaiming, onDelete: (row) => setDeleting([row]), onRefused: setRefused })
  const readAt = counts.data?.readAt ?? null
  const count = (each: ComparisonKind) => (counts.data ? ` ${number(counts.data[each])}` : '')

  return (
    <>
      <div className="compare-head">
        <p className="muted">{t('compare.hint')}</p>
        <p>{readAt === null ? t(list.total > 0 ? 'compare.onlySent' : 'compare.neverRead') : <>{t('compare.readAt')} <Ago at={readAt} /></>}</p>
        <ReadAgain machine={machine} />
      </div>
      {reading.data && <Watched job={reading.data} />}
      <Refusals title={t('roster.notChanged', { count: refused.length })} refused={refused} most={30} onClose={() => setRefused([])} />
      <DataTable
        id="compare"
        label={t('compare.title')}
        columns={columns}
        list={list}
        rowKey={(row) => row.pin}
        rowName={nameOf}
        filtered={kind !== undefined}
        onClearFilters={() => set({ kind: undefined })}
        filters={
          <Segmented<ComparisonKind | 'all'>
            aria-label={t('compare.title')}
            value={kind ?? 'all'}
            onChange={(next) => set({ kind: next === 'all' ? undefined : next })}
            options={[{ value: 'all' as const, label: t('compare.all') }, ...KINDS.map((each) => ({ value: each, label: `${t(`compare.kind.${each}`)}${count(each)}` }))]}
          />
        }
        batch={(selected, clear) => <CompareBatch machine={machine} selected={selected} clear={clear} onDelete={setDeleting} onRefused={setRefused} />}
        empty={<Empty title={t('compare.empty')} hint={t('compare.emptyHint')} action={<ReadAgain machine={machine} />} />}
      />
      {claiming && <ClaimPerson machine={machine} row={claiming} onClose={() => setClaiming(null)} />}
      {deleting && <ConfirmDelete machine={machine} rows={deleting} onRefused={setRefused} onClose={() => setDeleting(null)} />}
    </>
  )
}

function ReadAgain({ machine }: { machine: Machine }) {
  const { t } = useTranslation()
  const notice = useNotice()
  const read = useReadAgain(machine.sn)
  return (
    <Button
      icon={<SyncOutlined aria-hidden="true" />}
      loading={read.isPending}
      disabled={!machine.enabled}
      onClick={() => notice.attempt(read.mutateAsync(), t(machine.online ? 'compare.reading' : 'compare.readWaits', { name: machine.name }), t('compare.readFailed'))}
    >
      {t('compare.readAgain')}
    </Button>
  )
}
