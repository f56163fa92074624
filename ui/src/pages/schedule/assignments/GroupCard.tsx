import { DeleteOutlined, EditOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { today } from '../../../kit'
import { TargetName, type Org } from '../../../kit/org'
import { ShiftTag } from '../ShiftTag'
import type { Assignment, AssignmentTarget } from '../../../api/scheduleTypes'
import { useRotationsById, useShiftWords } from '../useWords'
import { weekdaysText } from '../weekdays'
import { lossesOf, whenOf, type Group } from './precedence'
import { useWhat } from './useWhat'

interface Props {
  group: Group
  org: Org
  /** Targets below this one that have something of their own. */
  narrower: readonly AssignmentTarget[]
  onEdit: (assignment: Assignment) => void
  onRemove: (assignment: Assignment) => void
}

const NAMED = 3

/** What one target has, the newest first, and what of it does not apply because something else does. */
export function GroupCard({ group, org, narrower, onEdit, onRemove }: Props) {
  const { t } = useTranslation()
  const names = narrower.slice(0, NAMED).map(({ name }) => name).join(t('picker.and'))
  return (
    <section className="assignment-group" aria-label={group.target.name}>
      <div className="group-head">
        <TargetName target={group.target} org={org} />
        {narrower.length > 0 && (
          <span className="muted" title={narrower.map(({ name }) => name).join(t('picker.and'))}>
            {narrower.length > NAMED ? t('assignments.narrowerMore', { names, count: narrower.length - NAMED }) : t('assignments.narrower', { names })}
          </span>
        )}
      </div>
      <ul>
        {group.assignments.map((assignment) => (
          <li key={assignment.id} className={whenOf(assignment, today()) === 'past' ? 'is-past' : undefined}>
            <AssignmentLine assignment={assignment} group={group} />
            <span className="row-actions">
              <Button size="small" type="text" icon={<EditOutlined />} aria-label={t('assignments.editOf', { name: group.target.name })} onClick={() => onEdit(assignment)} />
              <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={t('assignments.deleteOf', { name: group.target.name })} onClick={() => onRemove(assignment)} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

const TONE = { now: 'tag tag-good', later: 'tag', past: 'tag' } as const

export function AssignmentLine({ assignment, group }: { assignment: Assignment; group: Group }) {
  const { t } = useTranslation()
  const words = useShiftWords()
  const rotations = useRotationsById()
  const what = useWhat()
  const { shiftId, rotationId, from, to, weekdays, anchor, worksOnHolidays } = assignment
  const when = whenOf(assignment, today())
  const losses = lossesOf(assignment, group)
  const total = losses.find(({ wholly }) => wholly)
  const shift = shiftId === null ? undefined : words.byId.get(shiftId)
  return (
    <span className="assignment-line">
      <ShiftTag name={what(assignment)} color={shift?.color ?? null} title={shift ? words.times(shift) : t('kit.days', { count: rotations.get(rotationId ?? '')?.steps.length ?? 0 })} />
      <span>{shiftId === null ? t('assignments.began', { date: anchor ?? from }) : weekdaysText(t, weekdays)}</span>
      <span>{t('assignments.span', { from, to: to ?? t('assignments.open') })}</span>
      <span className="assignment-words">
        <span className={TONE[when]}>{t(`assignments.state.${when}`, { date: from })}</span>
        {worksOnHolidays && <span className="tag">{t('assignments.holidaysToo')}</span>}
        {total ? (
          <span className="reason-warn">{t('assignments.losesAlways', { what: what(total.to) })}</span>
        ) : (
          losses.slice(0, 1).map((loss) => (
            <span key={loss.to.id} className="muted">{t('assignments.loses', { what: what(loss.to), weekdays: weekdaysText(t, loss.weekdays) })}</span>
          ))
        )}
      </span>
    </span>
  )
}
