import { CopyOutlined, DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useDeleteShift, useShifts } from '../../../api/schedule'
import { DataTable, Empty, number, type Column } from '../../../kit'
import { hours } from '../minutes'
import { Remove } from '../Remove'
import { ShiftTag } from '../ShiftTag'
import type { Shift } from '../../../api/scheduleTypes'
import { wholeList } from '../wholeList'
import { axisFor, type Axis } from './bar'
import { copyOf } from './draft'
import { requiredOf } from './rule'
import { summaryOf, timesText } from './sentences'
import { BarHours, ShiftBar } from './ShiftBar'
import { ShiftForm, type ShiftFormFor } from './ShiftForm'
import { TEMPLATE, TEMPLATES } from './templates'

/** Every shift with its day drawn, all on one axis. */
export function ShiftList({ view }: { view: ReactNode }) {
  const { t } = useTranslation()
  const shifts = useShifts()
  const remove = useDeleteShift()
  const [form, setForm] = useState<ShiftFormFor | null>(null)
  const [removing, setRemoving] = useState<Shift | null>(null)
  const axis = useMemo(() => axisFor(shifts.data ?? []), [shifts.data])
  const columns = useShiftColumns(axis, setForm, setRemoving)
  const begin = <Button type="primary" icon={<PlusOutlined aria-hidden="true" />} onClick={() => setForm({ kind: 'add', from: TEMPLATE.fixed })}>{t('shifts.add')}</Button>
  return (
    <div className="tab-body">
      <div className="view-head">{view}{begin}</div>
      <DataTable
        id="shifts"
        label={t('shifts.views.shifts')}
        columns={columns}
        list={wholeList(shifts)}
        rowKey={({ id }) => id}
        rowName={({ name }) => name}
        empty={
          <Empty
            title={t('shifts.empty')}
            hint={t('shifts.emptyHint')}
            action={
              <div className="template-cards">
                {TEMPLATES.map((each) => (
                  <button key={each} type="button" className="template-card" onClick={() => setForm({ kind: 'add', from: { ...TEMPLATE[each], name: t(`shifts.template.${each}`) } })}>
                    <strong>{t(`shifts.template.${each}`)}</strong>
                    <ShiftBar rule={TEMPLATE[each]} color={TEMPLATE[each].color} axis={axisFor(TEMPLATES.map((name) => TEMPLATE[name]))} label={summaryOf(t, TEMPLATE[each])} />
                    <span className="muted">{t(`shifts.templateHint.${each}`)}</span>
                  </button>
                ))}
              </div>
            }
          />
        }
      />
      {form && <ShiftForm what={form} onClose={() => setForm(null)} />}
      {removing && (
        <Remove
          title={t('shifts.deleteTitle', { name: removing.name })}
          what={t('shifts.deleteWhat')}
          action={t('action.delete')}
          failed={t('shifts.deleteFailed')}
          done={t('shifts.deleted', { name: removing.name })}
          run={() => remove.mutateAsync(removing.id)}
          onClose={() => setRemoving(null)}
        />
      )}
    </div>
  )
}

function useShiftColumns(axis: Axis, onForm: (form: ShiftFormFor) => void, onRemove: (shift: Shift) => void): Column<Shift>[] {
  const { t } = useTranslation()
  return useMemo<Column<Shift>[]>(
    () => [
      {
        key: 'name',
        title: t('shifts.name'),
        width: 'minmax(130px, 1fr)',
        always: true,
        compare: (a, b) => a.name.localeCompare(b.name, 'zh'),
        render: (shift) => (
          <button type="button" className="link-button shift-name" aria-label={t('shifts.edit', { name: shift.name })} onClick={() => onForm({ kind: 'change', shift })}>
            <ShiftTag name={shift.name} color={shift.color} />
          </button>
        ),
      },
      {
        key: 'day',
        title: t('shifts.colDay'),
        quiet: true,
        extra: <BarHours axis={axis} atMost={14} />,
        width: 'minmax(280px, 2.6fr)',
        always: true,
        render: (shift) => <ShiftBar rule={shift} color={shift.color} axis={axis} label={summaryOf(t, shift)} />,
      },
      { key: 'times', title: t('shifts.colTimes'), width: 'minmax(196px, 1.2fr)', render: (shift) => <span title={timesText(t, shift)}>{timesText(t, shift)}</span> },
      { key: 'required', title: t('shifts.colRequired'), width: '70px', align: 'end', compare: (a, b) => requiredOf(a) - requiredOf(b), render: (shift) => <span>{number(hours(requiredOf(shift)))}</span> },
      { key: 'grace', title: t('shifts.colGrace'), width: '110px', optional: true, render: (shift) => <span>{t('shifts.grace', { in: shift.graceInMinutes, out: shift.graceOutMinutes })}</span> },
      {
        key: 'assigned',
        title: t('shifts.colAssigned'),
        width: '90px',
        render: (shift) =>
          shift.assigned === 0 ? (
            <Link to={`/attendance/assignments?shift=${encodeURIComponent(shift.id)}`} aria-label={`${t('shifts.assign')}: ${shift.name}`}>{t('shifts.assign')}</Link>
          ) : (
            <span>{t('shifts.assigned', { count: shift.assigned })}</span>
          ),
      },
      {
        key: 'actions',
        title: t('machines.colActions'),
        quiet: true,
        stays: true,
        always: true,
        width: '92px',
        render: (shift) => (
          <span className="row-actions">
            <Button size="small" type="text" icon={<CopyOutlined />} aria-label={t('shifts.copyOf', { name: shift.name })} title={t('action.copy')} onClick={() => onForm({ kind: 'add', from: copyOf(shift, t('shifts.copyName', { name: shift.name })) })} />
            <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={t('shifts.deleteOf', { name: shift.name })} title={t('action.delete')} onClick={() => onRemove(shift)} />
          </span>
        ),
      },
    ],
    [t, axis, onForm, onRemove],
  )
}
