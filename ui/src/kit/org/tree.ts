import type { Branch, Department } from '../../api/types'
import { initials } from './initials'

export type UnitKind = 'branch' | 'department'

/** A branch or a department with what is below it. */
export interface Unit {
  key: string
  kind: UnitKind
  id: string
  name: string
  /** People in it and below. */
  employees: number
  children: Unit[]
  parent: Unit | undefined
}

export interface Org {
  roots: readonly Unit[]
  byKey: ReadonlyMap<string, Unit>
}

export const unitKey = (kind: UnitKind, id: string): string => `${kind}:${id}`

const byName = (a: Unit, b: Unit) => a.name.localeCompare(b.name, 'zh', { numeric: true })

/** Branches hold branches and departments, departments hold departments; what has no place stands at the top. */
export function organisation(branches: readonly Branch[], departments: readonly Department[]): Org {
  const byKey = new Map<string, Unit>()
  const unit = (kind: UnitKind, { id, name, employees }: Branch | Department) => {
    const key = unitKey(kind, id)
    byKey.set(key, { key, kind, id, name, employees, children: [], parent: undefined })
  }
  for (const branch of branches) unit('branch', branch)
  for (const department of departments) unit('department', department)
  const roots: Unit[] = []
  const place = (key: string, parent: Unit | undefined) => {
    const found = byKey.get(key)
    if (!found) return
    found.parent = parent
    if (parent) parent.children.push(found)
    else roots.push(found)
  }
  for (const { id, parentId } of branches) place(unitKey('branch', id), parentId === null ? undefined : byKey.get(unitKey('branch', parentId)))
  for (const { id, parentId, branchId } of departments) {
    const above = parentId === null ? undefined : byKey.get(unitKey('department', parentId))
    place(unitKey('department', id), above ?? (branchId === null ? undefined : byKey.get(unitKey('branch', branchId))))
  }
  const sort = (units: Unit[]) => {
    // Departments of a branch come before the branches below it.
    units.sort((a, b) => (a.kind === b.kind ? byName(a, b) : a.kind === 'department' ? -1 : 1))
    for (const each of units) sort(each.children)
  }
  sort(roots)
  return { roots, byKey }
}

/** From the unit itself up to the top. */
export function upwards(unit: Unit | undefined): Unit[] {
  const path: Unit[] = []
  for (let each = unit; each; each = each.parent) path.push(each)
  return path
}

/** Whether a unit is the other one or somewhere below it. */
export const isWithin = (unit: Unit, above: Unit): boolean => upwards(unit).includes(above)

/** `总部 / 生产部 / 一车间` */
export const pathText = (unit: Unit): string => upwards(unit).toReversed().map(({ name }) => name).join(' / ')

export interface TreeRow {
  unit: Unit
  level: number
  /** None for a unit with nothing below. */
  expanded: boolean | undefined
}

export function nameMatches(name: string, wanted: string): boolean {
  const query = wanted.trim().toLowerCase()
  return query === '' || name.toLowerCase().includes(query) || initials(name).includes(query)
}

/** The rows that are seen: what is expanded or, in a search, what was found with the way to it. */
export function treeRows(org: Org, expanded: ReadonlySet<string>, search = '', kinds?: ReadonlySet<UnitKind>): TreeRow[] {
  const rows: TreeRow[] = []
  const wanted = search.trim() !== ''
  const shown = new Set<Unit>()
  for (const unit of org.byKey.values()) {
    if ((kinds === undefined || kinds.has(unit.kind)) && nameMatches(unit.name, search)) for (const each of upwards(unit)) shown.add(each)
  }
  const walk = (units: readonly Unit[], level: number) => {
    for (const unit of units) {
      if (!shown.has(unit)) continue
      const below = unit.children.some((child) => shown.has(child))
      const open = wanted || expanded.has(unit.key)
      rows.push({ unit, level, expanded: below ? open : undefined })
      if (below && open) walk(unit.children, level + 1)
    }
  }
  walk(org.roots, 1)
  return rows
}
