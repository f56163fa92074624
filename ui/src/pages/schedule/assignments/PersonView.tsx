import { useTranslation } from 'react-i18next'
import { Panel, shiftDate, today } from '../../../kit'
import { TargetName, unitKey, type Org } from '../../../kit/org'
import { weekdayOf } from '../../../kit/dates'
import { weekdayName } from '../../../kit/dateWords'
import type { Assignment, AssignmentTarget } from '../../../api/scheduleTypes'
import { AssignmentLine } from './GroupCard'
import { groupsOf, winnerOn } from './precedence'

/** What applies to one person, in the order in which it goes before each other, and which of it wins on the coming days. */
export function PersonView({ applying, org }: { applying: readonly Assignment[]; org: Org }) {
  const { t } = useTranslation()
  const groups = groupsOf(applying)
  const depth = ({ kind, id }: AssignmentTarget): number => {
    let above = 0
    for (let unit = kind === 'employee' ? undefined : org.byKey.get(unitKey(kind, id)); unit; unit = unit.parent) above += 1
    return above
  }
  const days = Array.from({ length: 7 }, (_, day) => shiftDate(today(), day))
  const ordered = [...groups.employee, ...groups.department.toSorted((a, b) => depth(b.target) - depth(a.target)), ...groups.branch.toSorted((a, b) => depth(b.target) - depth(a.target))]
  return (
    <Panel title={t('assignments.order')}>
      <ol className="assignment-order">
        {ordered.map((group) => (
          <li key={`${group.target.kind}:${group.target.id}`}>
            <TargetName target={group.target} org={org} />
            <ul>
              {group.assignments.map((assignment) => {
                const won = days.filter((date) => winnerOn(applying, date, weekdayOf(date), depth) === assignment)
                return (
                  <li key={assignment.id}>
                    <AssignmentLine assignment={assignment} group={group} />
                    <span className={won.length > 0 ? 'tag tag-good' : 'muted'}>
                      {won.length > 0 ? t('assignments.winsOn', { days: won.map((date) => weekdayName(weekdayOf(date))).join(' ') }) : t('assignments.winsNever')}
                    </span>
                  </li>
                )
              })}
            </ul>
          </li>
        ))}
      </ol>
      <p className="muted">{t('assignments.orderHint')}</p>
    </Panel>
  )
}
