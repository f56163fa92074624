import { PlusOutlined } from '@ant-design/icons'
import { Button, Input } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useEverybody } from '../../api/people'
import { useEmployee } from '../../api/queries'
import { useAssignments, useDeleteAssignment } from '../../api/schedule'
import { Empty, Failure, Loading, useFilters } from '../../kit'
import { PersonSelect, unitKey, useOrg } from '../../kit/org'
import { AssignmentForm } from './assignments/AssignmentForm'
import { GroupCard } from './assignments/GroupCard'
import { PersonView } from './assignments/PersonView'
import { groupsOf, narrowerThan } from './assignments/precedence'
import { useWhat } from './assignments/useWhat'
import { Remove } from './Remove'
import type { Assignment, AssignmentTarget } from '../../api/scheduleTypes'
import { useShiftWords } from './useWords'
import './schedule.css'

/** Who works what, by whom it was assigned to; or, for one person, what applies to them and what of it wins. */
export function Assignments() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { get, set } = useFilters()
  const person = get('person')
  const search = get('search').trim().toLowerCase()
  const words = useShiftWords()
  const what = useWhat()
  const query = useAssignments(person)
  const chosen = useEmployee(person)
  const remove = useDeleteAssignment()
  const [form, setForm] = useState<{ changed: Assignment | null; shiftId: string } | null>(() => (get('shift') === '' ? null : { changed: null, shiftId: get('shift') }))
  const [removing, setRemoving] = useState<Assignment | null>(null)
  const { org } = useOrg()
  const assignments = query.data
  const begin = (
    <Button type="primary" icon={<PlusOutlined aria-hidden="true" />} disabled={words.shifts.length === 0} onClick={() => setForm({ changed: null, shiftId: '' })}>
      {t('assignments.add')}
    </Button>
  )

  let body
  if (query.error && !assignments) body = <Failure title={t('kit.loadFailed')} error={query.error} onRetry={() => void query.refetch()} />
  else if (!assignments) body = <Loading />
  else if (assignments.length === 0 && person !== '') body = <div className="table-block"><Empty title={t('assignments.emptyPerson', { name: chosen.data?.name ?? '' })} hint={t('assignments.emptyPersonHint')} action={begin} /></div>
  else if (assignments.length === 0) {
    body = (
      <div className="table-block">
        {words.shifts.length === 0 ? (
          <Empty title={t('assignments.empty')} hint={t('assignments.emptyNoShifts')} action={<Button type="primary" onClick={() => void navigate('/attendance/shifts')}>{t('assignments.toShifts')}</Button>} />
        ) : (
          <Empty title={t('assignments.empty')} hint={t('assignments.emptyHint')} action={begin} />
        )}
      </div>
    )
  } else if (person !== '') body = <PersonView applying={assignments} org={org} />
  else body = <Groups assignments={assignments} search={search} onEdit={(changed) => setForm({ changed, shiftId: '' })} onRemove={setRemoving} />

  return (
    <div className="tab-body">
      <div className="view-head">
        <div className="table-filters">
          <PersonSelect label={t('assignments.whose')} nobody={t('assignments.whoseAnybody')} width={260} value={person} onChange={(id) => set({ person: id })} />
          {person === '' && (assignments?.length ?? 0) > 0 && (
            <Input.Search allowClear aria-label={t('assignments.search')} placeholder={t('assignments.search')} style={{ width: 220 }} value={get('search')} onChange={(event) => set({ search: event.target.value })} />
          )}
          {assignments && assignments.length > 0 && <span className="muted" aria-live="polite">{t('assignments.count', { count: assignments.length })}</span>}
        </div>
        {begin}
      </div>
      {body}
      {form && <AssignmentForm changed={form.changed} shiftId={form.shiftId} onClose={() => { setForm(null); set({ shift: undefined }) }} />}
      {removing && (
        <Remove
          title={t('assignments.deleteTitle', { name: removing.target.name })}
          what={t('assignments.deleteWhat', { what: what(removing) })}
          action={t('assignments.takeAway')}
          failed={t('assignments.deleteFailed')}
          done={t('assignments.deleted', { name: removing.target.name })}
          run={() => remove.mutateAsync(removing.id)}
          onClose={() => setRemoving(null)}
        />
      )}
    </div>
  )
}

interface GroupsProps {
  assignments: readonly Assignment[]
  search: string
  onEdit: (assignment: Assignment) => void
  onRemove: (assignment: Assignment) => void
}

function Groups({ assignments, search, onEdit, onRemove }: GroupsProps) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const people = useEverybody(assignments.some(({ target }) => target.kind === 'employee'))
  const places = useMemo(
    () => new Map((people.data ?? []).map(({ id, departmentId, branchId }) => [id, departmentId === null ? branchId && unitKey('branch', branchId) : unitKey('department', departmentId)])),
    [people.data],
  )
  const groups = useMemo(() => groupsOf(assignments), [assignments])
  const targets = useMemo<AssignmentTarget[]>(() => Object.values(groups).flatMap((each) => each.map(({ target }) => target)), [groups])
  const kinds = (['branch', 'department', 'employee'] as const).filter((kind) => groups[kind].length > 0)
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to be reachable by keyboard
    <div className="assignment-groups" tabIndex={0} role="region" aria-label={t('assignments.list')}>
      {kinds.map((kind) => (
        <div key={kind}>
          <h2>{t(`picker.tab.${kind}`)} <span className="muted">{t(`assignments.kindHint.${kind}`)}</span></h2>
          {groups[kind].filter(({ target }) => target.name.toLowerCase().includes(search)).map((group) => (
            <GroupCard
              key={group.target.id}
              group={group}
              org={org}
              narrower={narrowerThan(group.target, targets, org, (id) => places.get(id) ?? undefined)}
              onEdit={onEdit}
              onRemove={onRemove}
            />
          ))}
        </div>
      ))}
    </div>
  )
}
