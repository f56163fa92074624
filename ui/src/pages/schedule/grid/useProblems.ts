import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { CELLS_AT_ONCE, previewSchedule } from '../../../api/schedule'
import { grouped } from '../group'
import type { ScheduleProblem } from '../../../api/scheduleTypes'
import { cellKey, cellsOf, portions, type Edits } from './edits'

const WAIT_MS = 300
const NONE: ScheduleProblem[] = []

/** Changes are never altered, only replaced: a number names them, where thousands of cells would make no good name. */
const numbers = new WeakMap<Edits, number>()
let given = 0
function numberOf(edits: Edits): number {
  const known = numbers.get(edits)
  if (known !== undefined) return known
  given += 1
  numbers.set(edits, given)
  return given
}

/** What the service says of the changes, a moment after the last one. */
export function useProblems(edits: Edits) {
  const [asked, setAsked] = useState<Edits>(edits)
  useEffect(() => {
    const timer = setTimeout(() => setAsked(edits), edits.size === 0 ? 0 : WAIT_MS)
    return () => clearTimeout(timer)
  }, [edits])
  const cells = useMemo(() => cellsOf(asked), [asked])
  const query = useQuery({
    queryKey: ['schedulePreview', numberOf(asked)],
    queryFn: async ({ signal }) => {
      const found: ScheduleProblem[] = []
      for (const portion of portions(cells, CELLS_AT_ONCE)) found.push(...(await previewSchedule(portion, signal)).problems)
      return found
    },
    enabled: cells.length > 0,
    gcTime: 60_000,
    placeholderData: keepPreviousData,
  })
  const problems = edits.size === 0 ? NONE : (query.data ?? NONE)
  const byCell = useMemo(() => grouped(problems, ({ employeeId, date }) => cellKey(employeeId, date)), [problems])
  return { problems, byCell, checking: edits.size > 0 && (asked !== edits || query.isFetching), error: edits.size > 0 ? query.error : null, retry: () => void query.refetch() }
}
