import { SyncOutlined } from '@ant-design/icons'
import { Alert, Button, Segmented } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLatestJob } from '../../../api/jobs'
import { useCheckGaps, useGaps, useReupload, type Period } from '../../../api/reuploads'
import type { GapDay, Machine } from '../../../api/types'
import { Ago, DataTable, Empty, number, useFilters, useNotice } from '../../../kit'
import { Watched } from '../../jobs/Watched'
import { DayRange } from './DayRange'
import { lacking, type Lacking } from './gapDays'
import { Reupload } from './Reupload'
import { Uncountable } from './Uncountable'
import { useGapColumns } from './useGapColumns'
import { usePeriod } from './usePeriod'

/** Day by day: how many punches the machine holds, how many are here, and the way to those that are missing. */
export function Gaps({ machine }: { machine: Machine }) {
  const { t } = useTranslation()
  const notice = useNotice()
  const { get, set } = useFilters()
  const period = usePeriod()
  const gaps = useGaps(machine.sn, period)
  const ask = useReupload(machine.sn)
  const [asking, setAsking] = useState<Period | null>(null)
  const onlyMissing = get('state') === 'missing'
  const days = useMemo(() => (gaps.data?.items ?? []).toReversed(), [gaps.data])
  const missing = useMemo(() => lacking(days), [days])
  const rows = onlyMissing ? (missing?.days.toReversed() ?? []) : days
  const supported = gaps.data?.supported ?? true

  const fill = ({ from, to }: Period) =>
    notice.attempt(ask.mutateAsync({ from, to, onlyMissing: true }), t(machine.online ? 'gaps.filling' : 'reupload.waits', { name: machine.name }), t('reupload.failed'))
  const columns = useGapColumns({ supported, busy: ask.isPending || !machine.enabled, onFill: ({ date }) => fill({ from: date, to: date }) })

  return (
    <>
      <div className="compare-head">
        <p className="muted">{t('gaps.hint')}</p>
        {supported && <p>{t('gaps.last')}{' '}{gaps.data?.lastCheckedAt ? <Ago at={gaps.data.lastCheckedAt} /> : t('gaps.never')}</p>}
        {supported && <Check machine={machine} period={period} />}
      </div>
      <Jobs sn={machine.sn} />
      {missing && <Missing missing={missing} busy={ask.isPending || !machine.enabled} onFill={() => fill(missing)} />}
      {gaps.data && !supported && <Uncountable machine={machine} onAsk={() => setAsking(period)} />}
      <DataTable<GapDay>
        id="gaps"
        label={t('gaps.title')}
        columns={columns}
        list={{ rows, total: rows.length, loading: gaps.isPending, error: gaps.error, retry: () => void gaps.refetch() }}
        rowKey={({ date }) => date}
        rowName={({ date }) => date}
        filtered={onlyMissing}
        onClearFilters={() => set({ state: undefined })}
        filters={
          <>
            <DayRange label={t('gaps.period')} value={period} onChange={({ from, to }) => set({ from, to })} />
            {supported && (
              <Segmented<'all' | 'missing'>
                aria-label={t('gaps.filter')}
                value={onlyMissing ? 'missing' : 'all'}
                onChange={(next) => set({ state: next === 'all' ? undefined : next })}
                options={[
                  { value: 'all', label: t('gaps.all') },
                  { value: 'missing', label: `${t('gaps.missing')} (${number(missing?.days.length ?? 0)})` },
                ]}
              />
            )}
          </>
        }
        empty={<Empty title={t('gaps.empty')} />}
      />
      {asking && <Reupload machine={machine} period={asking} onClose={() => setAsking(null)} />}
    </>
  )
}

function Check({ machine, period }: { machine: Machine; period: Period }) {
  const { t } = useTranslation()
  const notice = useNotice()
  const check = useCheckGaps(machine.sn)
  return (
    <Button
      icon={<SyncOutlined aria-hidden="true" />}
      loading={check.isPending}
      disabled={!machine.enabled}
      onClick={() => notice.attempt(check.mutateAsync(period), t(machine.online ? 'gaps.checking' : 'gaps.checkWaits', { name: machine.name }), t('gaps.checkFailed'))}
    >
      {t('gaps.check')}
    </Button>
  )
}

/** The comparison that is under way, and the last re-upload: its counts stay to be looked at. */
function Jobs({ sn }: { sn: string }) {
  const check = useLatestJob(sn, 'gapCheck')
  const reupload = useLatestJob(sn, 'reupload')
  return (
    <>
      {check.data && <Watched job={check.data} />}
      {reupload.data && <Watched job={reupload.data} ended />}
    </>
  )
}

function Missing({ missing, busy, onFill }: { missing: Lacking; busy: boolean; onFill: () => void }) {
  const { t } = useTranslation()
  const count = missing.days.length
  return (
    <Alert
      type="warning"
      showIcon
      title={t('gaps.lacking', { count })}
      description={t('gaps.lackingHint', { punches: number(missing.punches) })}
      action={<Button type="primary" disabled={busy} onClick={onFill}>{t('gaps.fill', { count })}</Button>}
    />
  )
}
