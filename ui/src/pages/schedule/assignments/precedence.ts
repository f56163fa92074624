import { isWithin, unitKey, type Org } from '../../../kit/org'
import type { Assignment, AssignmentTarget } from '../../../api/scheduleTypes'

const key = ({ kind, id }: AssignmentTarget): string => `${kind}:${id}`
const spans = (a: Assignment, b: Assignment): boolean => (a.to === null || b.from <= a.to) && (b.to === null || a.from <= b.to)
const holds = (a: Assignment, b: Assignment): boolean => a.from <= b.from && (a.to === null || (b.to !== null && b.to <= a.to))
const shared = (a: Assignment, b: Assignment): number[] => a.weekdays.filter((day) => b.weekdays.includes(day))

export interface Group {
  target: AssignmentTarget
  /** The newest first: it goes before the others. */
  assignments: Assignment[]
}

const KINDS = ['employee', 'department', 'branch'] as const

/** What was assigned, by whom it was assigned to: people, then departments, then branches. */
export function groupsOf(assignments: readonly Assignment[]): Record<AssignmentTarget['kind'], Group[]> {
  const groups = new Map<string, Group>()
  for (const assignment of assignments.toSorted((a, b) => b.id - a.id)) {
    const group = groups.get(key(assignment.target))
    if (group) group.assignments.push(assignment)
    else groups.set(key(assignment.target), { target: assignment.target, assignments: [assignment] })
  }
  const of = (kind: AssignmentTarget['kind']) =>
    [...groups.values()].filter(({ target }) => target.kind === kind).toSorted((a, b) => a.target.name.localeCompare(b.target.name, 'zh', { numeric: true }))
  return Object.fromEntries(KINDS.map((kind) => [kind, of(kind)])) as Record<AssignmentTarget['kind'], Group[]>
}

export interface Loss {
  to: Assignment
  weekdays: number[]
  /** It never applies while the other one is there. */
  wholly: boolean
}

/** Newer ones of the same target that take days of this one away. */
export const lossesOf = (assignment: Assignment, group: Group): Loss[] =>
  group.assignments
    .filter((other) => other.id > assignment.id && spans(other, assignment) && shared(other, assignment).length > 0)
    .map((other) => ({
      to: other,
      weekdays: shared(other, assignment),
      wholly: holds(other, assignment) && shared(other, assignment).length === assignment.weekdays.length,
    }))

/** Targets below this one with assignments of their own, which go before it. People need their places, which only the directory has. */
export function narrowerThan(target: AssignmentTarget, others: readonly AssignmentTarget[], org: Org, placeOf: (employeeId: string) => string | undefined): AssignmentTarget[] {
  const own = target.kind === 'employee' ? undefined : org.byKey.get(unitKey(target.kind, target.id))
  if (!own) return []
  return others.filter((other) => {
    if (key(other) === key(target)) return false
    const place = other.kind === 'employee' ? placeOf(other.id) : key(other)
    const unit = place === undefined ? undefined : org.byKey.get(place)
    return unit !== undefined && isWithin(unit, own)
  })
}

export type When = 'now' | 'later' | 'past'
export const whenOf = ({ from, to }: Assignment, date: string): When => (to !== null && to < date ? 'past' : from > date ? 'later' : 'now')

/** Of the assignments of one person, that of a date: on the narrowest target, and there the newest. */
export function winnerOn(applying: readonly Assignment[], date: string, weekday: number, depthOf: (target: AssignmentTarget) => number): Assignment | undefined {
  const rank = ({ target }: Assignment): number => (target.kind === 'employee' ? 2000 : target.kind === 'department' ? 1000 : 0) + (target.kind === 'employee' ? 0 : depthOf(target))
  return applying
    .filter((each) => whenOf(each, date) === 'now' && each.weekdays.includes(weekday))
    .toSorted((a, b) => rank(b) - rank(a) || b.id - a.id)[0]
}
