import { shiftDate, today, useFilters } from '../../../kit'
import type { Period } from '../../../api/reuploads'

/** The days in the address; the last month when there are none, and none that are still to come. */
export function usePeriod(): Period {
  const { get } = useFilters()
  const now = today()
  const to = get('to') === '' || get('to') > now ? now : get('to')
  const from = get('from') === '' || get('from') > to ? shiftDate(to, -30) : get('from')
  return { from, to }
}
