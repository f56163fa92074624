import type { NewShift, Shift } from '../../../api/scheduleTypes'

/** A shift as it is entered and sent. */
export function ruleOf({ id: _id, assigned: _assigned, ...rule }: Shift): NewShift {
  return rule
}

/** A copy to begin another one with. */
export const copyOf = (shift: Shift, name: string): NewShift => ({ ...ruleOf(shift), name })
