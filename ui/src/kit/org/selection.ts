import type { NamedTarget } from '../../api/types'
import { isWithin, unitKey, upwards, type Org, type Unit } from './tree'

/** Somebody, a department with those below it, or a branch. */
export interface Target {
  kind: NamedTarget['kind']
  id: string
  name: string
}

export type Side = 'include' | 'exclude'
export type Selection = Readonly<Record<Side, readonly Target[]>>

export const NOBODY: Selection = { include: [], exclude: [] }

const same = (a: Target, b: Target): boolean => a.kind === b.kind && a.id === b.id

export function sideOf(selection: Selection, target: Target): Side | undefined {
  if (selection.include.some((each) => same(each, target))) return 'include'
  return selection.exclude.some((each) => same(each, target)) ? 'exclude' : undefined
}

export const drop = (selection: Selection, target: Target): Selection => ({
  include: selection.include.filter((each) => !same(each, target)),
  exclude: selection.exclude.filter((each) => !same(each, target)),
})

/** On one side at a time: whoever is put on one leaves the other. */
export function put(selection: Selection, side: Side, targets: readonly Target[]): Selection {
  const without = targets.reduce(drop, selection)
  const added = targets.filter((target, index) => targets.findIndex((each) => same(each, target)) === index)
  return { ...without, [side]: [...without[side], ...added] }
}

export const toggle = (selection: Selection, side: Side, target: Target): Selection =>
  sideOf(selection, target) === side ? drop(selection, target) : put(selection, side, [target])

interface Placed {
  id: string
  departmentId: string | null
  branchId: string | null
}

/** Where somebody is: their department and what is above it, and their own branch with those above. */
function placesOf(person: Placed, org: Org): Unit[] {
  const department = person.departmentId === null ? undefined : org.byKey.get(unitKey('department', person.departmentId))
  const branch = person.branchId === null ? undefined : org.byKey.get(unitKey('branch', person.branchId))
  return [...upwards(department), ...upwards(branch)]
}

export interface Verdict {
  code: 'inScope' | 'excluded' | 'outOfScope'
  in: string[]
  out: string[]
}

/** Whether somebody is meant, and by which of the targets: excluding wins. */
export function verdict(person: Placed, selection: Selection, org: Org): Verdict {
  const keys = new Set(placesOf(person, org).map(({ key }) => key))
  const hits = (side: Side): string[] =>
    selection[side]
      .filter(({ kind, id }) => (kind === 'employee' ? id === person.id : keys.has(unitKey(kind, id))))
      .map(({ name }) => name)
  const within = hits('include')
  const out = hits('exclude')
  return { code: out.length > 0 && within.length > 0 ? 'excluded' : within.length > 0 ? 'inScope' : 'outOfScope', in: within, out }
}

export const peopleIn = <P extends Placed>(people: readonly P[], selection: Selection, org: Org): P[] =>
  people.filter((person) => verdict(person, selection, org).code === 'inScope')

export const countIn = (people: readonly Placed[], selection: Selection, org: Org): number => peopleIn(people, selection, org).length

/** Targets that say nothing new: below a unit that is on the same side already. */
export function needless(selection: Selection, side: Side, org: Org): Target[] {
  const units = selection[side].flatMap(({ kind, id }) => (kind === 'employee' ? [] : (org.byKey.get(unitKey(kind, id)) ?? [])))
  return selection[side].filter(({ kind, id }) => {
    const unit = kind === 'employee' ? undefined : org.byKey.get(unitKey(kind, id))
    return unit !== undefined && units.some((other) => other !== unit && isWithin(unit, other))
  })
}
