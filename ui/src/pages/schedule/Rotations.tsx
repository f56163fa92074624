import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useDeleteRotation, useRotations } from '../../api/schedule'
import { DataTable, Empty, type Column } from '../../kit'
import { Remove } from './Remove'
import { RotationForm } from './rotations/RotationForm'
import { StepTag } from './rotations/StepTag'
import type { Rotation } from '../../api/scheduleTypes'
import { useShiftWords, type ShiftWords } from './useWords'
import { wholeList } from './wholeList'
import './schedule.css'

/** Cycles of shifts and rest. */
export function Rotations({ view }: { view?: ReactNode }) {
  const { t } = useTranslation()
  const rotations = useRotations()
  const words = useShiftWords()
  const remove = useDeleteRotation()
  const [form, setForm] = useState<{ rotation: Rotation | null } | null>(null)
  const [removing, setRemoving] = useState<Rotation | null>(null)
  const columns = useRotationColumns(words, (rotation) => setForm({ rotation }), setRemoving)
  const noShifts = words.shifts.length === 0
  const begin = (
    <Button type="primary" disabled={noShifts} icon={<PlusOutlined aria-hidden="true" />} onClick={() => setForm({ rotation: null })}>
      {t('rotations.add')}
    </Button>
  )
  return (
    <div className="tab-body">
      <div className="view-head">{view}{begin}</div>
      <DataTable
        id="rotations"
        label={t('shifts.views.rotations')}
        columns={columns}
        list={wholeList(rotations)}
        rowKey={({ id }) => id}
        rowName={({ name }) => name}
        empty={<Empty title={t('rotations.empty')} hint={noShifts ? t('rotations.emptyNoShifts') : t('rotations.emptyHint')} action={noShifts ? undefined : begin} />}
      />
      {form && <RotationForm rotation={form.rotation} onClose={() => setForm(null)} />}
      {removing && (
        <Remove
          title={t('rotations.deleteTitle', { name: removing.name })}
          what={t('shifts.deleteWhat')}
          action={t('action.delete')}
          failed={t('rotations.deleteFailed')}
          done={t('shifts.deleted', { name: removing.name })}
          run={() => remove.mutateAsync(removing.id)}
          onClose={() => setRemoving(null)}
        />
      )}
    </div>
  )
}

function useRotationColumns(words: ShiftWords, onOpen: (rotation: Rotation) => void, onRemove: (rotation: Rotation) => void): Column<Rotation>[] {
  const { t } = useTranslation()
  return useMemo<Column<Rotation>[]>(
    () => [
      {
        key: 'name',
        title: t('shifts.name'),
        width: 'minmax(140px, 1fr)',
        always: true,
        compare: (a, b) => a.name.localeCompare(b.name, 'zh'),
        render: (rotation) => (
          <button type="button" className="link-button" title={rotation.name} aria-label={t('shifts.edit', { name: rotation.name })} onClick={() => onOpen(rotation)}>
            {rotation.name}
          </button>
        ),
      },
      {
        key: 'steps',
        title: t('rotations.steps'),
        width: 'minmax(320px, 4fr)',
        always: true,
        // oxlint-disable-next-line react/no-array-index-key -- only its place tells a day of a cycle from another
        render: ({ steps }) => <span className="step-line">{steps.map((step, at) => <StepTag key={at} step={step} words={words} />)}</span>,
      },
      { key: 'length', title: t('rotations.colLength'), width: '90px', compare: (a, b) => a.steps.length - b.steps.length, render: ({ steps }) => <span>{t('kit.days', { count: steps.length })}</span> },
      {
        key: 'actions',
        title: t('machines.colActions'),
        quiet: true,
        stays: true,
        always: true,
        width: '60px',
        render: (rotation) => <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={t('shifts.deleteOf', { name: rotation.name })} onClick={() => onRemove(rotation)} />,
      },
    ],
    [t, words, onOpen, onRemove],
  )
}
