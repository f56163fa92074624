import type { Comparison, ResolveRow } from '../../../api/types'

export type Action = ResolveRow['action']

/** What can be done about a difference; to leave it needs nothing. */
export function actionsFor({ kind }: Pick<Comparison, 'kind'>): readonly Action[] {
  switch (kind) {
    case 'different':
      return ['push', 'adopt']
    case 'onlyHere':
      return ['push']
    case 'onlyThere':
      return ['claim', 'delete']
    default:
      return []
  }
}

/** What a row is called: as we know somebody, else as the machine does, which may have no name for them. */
export const nameOf = ({ here, there, pin }: Pick<Comparison, 'here' | 'there' | 'pin'>): string => here?.name ?? (there?.name || pin)

/** What of the selected rows an action is for. */
export const rowsFor = (action: Action, rows: readonly Comparison[]): Comparison[] => rows.filter((row) => actionsFor(row).includes(action))

/** Of people nobody has claimed a batch makes new ones, as the machine names them; without a name there none can be made. */
export function resolutions(action: Action, rows: readonly Comparison[]): ResolveRow[] {
  return rowsFor(action, rows).flatMap(({ pin, there }): ResolveRow[] => {
    if (action !== 'claim') return [{ pin, action }]
    const newName = there?.name.trim() ?? ''
    return newName === '' ? [] : [{ pin, action, newName }]
  })
}
