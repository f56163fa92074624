import { Alert, Button, Segmented } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFields } from '../../../api/organisation'
import type { ImportReport, ImportRow } from '../../../api/types'
import { type Column, DataTable, Empty, Failure, number } from '../../../kit'
import { rowText } from './rowText'

const ACTIONS = ['rejected', 'added', 'changed'] as const
type Shown = (typeof ACTIONS)[number]

interface Props {
  report: ImportReport
  busy: boolean
  error: unknown
  onBack: () => void
  onOther: () => void
  onTake: (partial: boolean) => void
}

/** What the file would do, row by row, before it does. */
export function DryRun({ report, busy, error, onBack, onOther, onTake }: Props) {
  const { t } = useTranslation()
  const [shown, setShown] = useState<Shown>(report.rejected > 0 ? 'rejected' : report.added > 0 || report.changed === 0 ? 'added' : 'changed')
  const rows = useMemo(() => report.rows.filter(({ action }) => action === shown), [report, shown])
  const headers = useMemo(() => report.columns.map(({ header }) => header), [report])
  const columns = useRowColumns(headers)
  const good = report.added + report.changed
  const units = [...report.newBranches, ...report.newDepartments]

  return (
    <div className="tab-body">
      <div className="figures import-figures">
        {(['added', 'changed', 'unchanged', 'rejected'] as const).map((action) => (
          <p key={action} className={action === 'rejected' && report.rejected > 0 ? 'figure figure-bad' : 'figure'}>
            <strong>{number(report[action])}</strong>
            <span>{t(`importing.count.${action}`)}</span>
          </p>
        ))}
      </div>
      {units.length > 0 && <p>{t('importing.newUnits', { names: units.slice(0, 20).join(t('picker.and')) })}</p>}
      {report.rejected > 0 && <Alert type="warning" showIcon role="alert" title={t('importing.badRows', { count: report.rejected })} description={t('importing.badRowsHint')} />}
      {report.rejected === 0 && good === 0 && <Alert type="info" showIcon title={t('importing.nothingNew')} />}
      {error !== null && error !== undefined && <Failure title={t('importing.failed')} error={error} />}
      <DataTable
        id="import-rows"
        label={t('importing.rows')}
        columns={columns}
        list={{ rows, total: rows.length, loading: false, error: null, retry: () => undefined }}
        rowKey={(row) => String(row.row)}
        rowName={(row) => row.name ?? String(row.row)}
        filters={
          <Segmented<Shown>
            aria-label={t('importing.rows')}
            value={shown}
            onChange={setShown}
            options={ACTIONS.map((value) => ({ value, label: `${t(`importing.count.${value}`)} (${number(report[value])})` }))}
          />
        }
        empty={<Empty title={t('importing.noRows')} />}
      />
      <div className="form-foot">
        <Button onClick={onBack}>{t('action.back')}</Button>
        <Button onClick={onOther}>{t('importing.otherFile')}</Button>
        {report.rejected === 0 ? (
          <Button type="primary" loading={busy} disabled={good === 0} onClick={() => onTake(false)}>{t('importing.take', { count: good })}</Button>
        ) : (
          <Button type="primary" loading={busy} disabled={good === 0} onClick={() => onTake(true)}>{t('importing.takeGood', { count: good })}</Button>
        )}
      </div>
    </div>
  )
}

function useRowColumns(headers: readonly string[]): Column<ImportRow>[] {
  const { t } = useTranslation()
  const fields = useFields()
  return useMemo<Column<ImportRow>[]>(
    () => [
      { key: 'row', title: t('importing.colRow'), width: '80px', align: 'end', always: true, render: (row) => <span>{row.row}</span> },
      { key: 'name', title: t('people.name'), width: 'minmax(120px, 1fr)', always: true, render: (row) => <span>{row.name}</span> },
      { key: 'id', title: t('people.id'), width: 'minmax(110px, 1fr)', render: (row) => <span className="mono">{row.id}</span> },
      {
        key: 'what',
        title: t('importing.colWhat'),
        width: 'minmax(320px, 4fr)',
        always: true,
        render: (row) => {
          const text = rowText(row, headers, fields.data ?? [], t('kit.none'))
          return <span className={row.code === null ? undefined : 'reason-bad'} title={text}>{text}</span>
        },
      },
    ],
    [t, headers, fields.data],
  )
}
