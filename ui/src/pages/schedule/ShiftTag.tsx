import { shiftColor } from '../../theme/shiftColors'

/** A shift as colour and name. */
export function ShiftTag({ name, color, title }: { name: string; color: string | null; title?: string }) {
  return (
    <span className={`shift-tag shift-${shiftColor(color)}`} title={title ?? name}>
      {name}
    </span>
  )
}
