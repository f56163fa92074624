import { useMemo, useState } from 'react'
import { useBranches, useDepartments } from '../../api/organisation'
import { organisation, treeRows, type Org, type TreeRow, type Unit, type UnitKind } from './tree'

const NONE: Org = organisation([], [])

/** The organisation as a tree. */
export function useOrg() {
  const branches = useBranches()
  const departments = useDepartments()
  const org = useMemo(
    () => (branches.data && departments.data ? organisation(branches.data, departments.data) : NONE),
    [branches.data, departments.data],
  )
  return {
    org,
    loading: branches.isPending || departments.isPending,
    error: branches.error ?? departments.error,
    retry: () => {
      void branches.refetch()
      void departments.refetch()
    },
  }
}

/** What of the tree is open: at first the top alone, or all of a small one. */
export function useTreeRows(org: Org, search = '', kinds?: ReadonlySet<UnitKind>) {
  const [changed, setChanged] = useState<ReadonlyMap<string, boolean>>(new Map())
  const rows = useMemo<TreeRow[]>(() => {
    const small = org.byKey.size <= 40
    const expanded = new Set([...org.byKey.values()].filter((unit) => changed.get(unit.key) ?? (small || unit.parent === undefined)).map(({ key }) => key))
    return treeRows(org, expanded, search, kinds)
  }, [org, changed, search, kinds])
  const expand = (unit: Unit, open: boolean) => setChanged((before) => new Map(before).set(unit.key, open))
  return { rows, expand }
}
