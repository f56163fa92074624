import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDeleteLeave, useLeaves } from '../../api/schedule'
import { DataTable, Empty, PeriodSelect, useFilters, type Column } from '../../kit'
import { PersonSelect, unitFilter, UnitSelect } from '../../kit/org'
import { lengthOf, whenText } from './leave/draft'
import { LeaveForm } from './leave/LeaveForm'
import { Remove } from './Remove'
import type { Leave } from '../../api/scheduleTypes'
import './schedule.css'

/** Who is away, when, and why. */
export function Leaves() {
  const { t } = useTranslation()
  const { get, set } = useFilters()
  const [person, unit, from, to] = [get('person'), get('unit'), get('from'), get('to')]
  const list = useLeaves({
    ...(person === '' ? {} : { employeeId: person }),
    ...unitFilter(unit),
    ...(from === '' ? {} : { from }),
    ...(to === '' ? {} : { to }),
  })
  const remove = useDeleteLeave()
  const [form, setForm] = useState<{ changed: Leave | null } | null>(null)
  const [removing, setRemoving] = useState<Leave | null>(null)
  const columns = useLeaveColumns((changed) => setForm({ changed }), setRemoving)
  const begin = <Button type="primary" icon={<PlusOutlined aria-hidden="true" />} onClick={() => setForm({ changed: null })}>{t('leaves.add')}</Button>
  return (
    <div className="tab-body">
      <DataTable
        id="leaves"
        label={t('leaves.title')}
        columns={columns}
        list={list}
        rowKey={({ id }) => String(id)}
        rowName={({ name }) => name}
        filtered={person !== '' || unit !== '' || from !== '' || to !== ''}
        onClearFilters={() => set({ person: undefined, unit: undefined, from: undefined, to: undefined })}
        filters={
          <>
            <PersonSelect label={t('punches.person')} nobody={t('leaves.anybody')} width={220} value={person} onChange={(id) => set({ person: id })} />
            <UnitSelect departments label={t('people.colDepartment')} value={unit} onChange={(next) => set({ unit: next })} />
            <PeriodSelect label={t('punches.period')} from={from} to={to} onChange={set} />
            {begin}
          </>
        }
        empty={<Empty title={t('leaves.empty')} hint={t('leaves.emptyHint')} action={begin} />}
      />
      {form && <LeaveForm changed={form.changed} onClose={() => setForm(null)} />}
      {removing && (
        <Remove
          title={t('leaves.deleteTitle', { name: removing.name })}
          what={t('leaves.deleteWhat', { kind: t(`leaves.kind.${removing.kind}`), when: whenText(removing) })}
          action={t('action.delete')}
          failed={t('leaves.deleteFailed')}
          done={t('leaves.deleted', { name: removing.name })}
          run={() => remove.mutateAsync(removing.id)}
          onClose={() => setRemoving(null)}
        />
      )}
    </div>
  )
}

function useLeaveColumns(onEdit: (leave: Leave) => void, onRemove: (leave: Leave) => void): Column<Leave>[] {
  const { t } = useTranslation()
  return useMemo<Column<Leave>[]>(
    () => [
      {
        key: 'name',
        title: t('people.name'),
        width: 'minmax(120px, 1fr)',
        always: true,
        render: (leave) => (
          <button type="button" className="link-button" title={leave.name} aria-label={t('leaves.edit', { name: leave.name })} onClick={() => onEdit(leave)}>{leave.name}</button>
        ),
      },
      { key: 'kind', title: t('leaves.colKind'), width: 'minmax(120px, 1fr)', render: (leave) => <span>{t(`leaves.kind.${leave.kind}`)}</span> },
      { key: 'when', title: t('leaves.colWhen'), width: 'minmax(250px, 1.6fr)', always: true, compare: (a, b) => a.from.localeCompare(b.from), render: (leave) => <span>{whenText(leave)}</span> },
      {
        key: 'length',
        title: t('leaves.colLength'),
        width: '110px',
        render: (leave) => {
          const length = lengthOf(leave)
          return <span>{length === 'part' ? t('leaves.part') : t('kit.days', { count: length })}</span>
        },
      },
      { key: 'note', title: t('leaves.note'), width: 'minmax(160px, 2fr)', render: (leave) => <span title={leave.note}>{leave.note}</span> },
      {
        key: 'actions',
        title: t('machines.colActions'),
        quiet: true,
        stays: true,
        always: true,
        width: '60px',
        render: (leave) => <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={t('leaves.deleteOf', { name: leave.name })} onClick={() => onRemove(leave)} />,
      },
    ],
    [t, onEdit, onRemove],
  )
}
