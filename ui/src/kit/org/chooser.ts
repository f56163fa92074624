import type { Employee } from '../../api/types'
import type { Selection, Side, Target } from './selection'

/** What the people's, the departments' and the branches' tab have in common. */
export interface ChooserProps {
  selection: Selection
  /** One side: a row is chosen or not. Two: it has a button for each. */
  sides: boolean
  onToggle: (side: Side, target: Target, person?: Employee) => void
  onPut: (side: Side, targets: readonly Target[], people?: readonly Employee[]) => void
  /** Why somebody cannot be chosen; none for everybody else. */
  refusal?: ((person: Employee) => string | undefined) | undefined
}

export const personTarget = ({ id, name }: Pick<Employee, 'id' | 'name'>): Target => ({ kind: 'employee', id, name })
