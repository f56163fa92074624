import type { CellValue } from '../../../api/scheduleTypes'
import { DEFAULT } from './edits'

export type Meant =
  | { what: 'set'; value: CellValue }
  | { what: 'choose'; typed: string }
  | { what: 'all' | 'one' | 'save' | 'undo' | 'redo' | 'fillRight' | 'fillDown' }

interface Key {
  key: string
  shift: boolean
  control: boolean
}

const WITH_CONTROL: Readonly<Record<string, Meant>> = {
  a: { what: 'all' },
  s: { what: 'save' },
  z: { what: 'undo' },
  y: { what: 'redo' },
  r: { what: 'fillRight' },
  d: { what: 'fillDown' },
}

/** What a key means that does not move: a number sets the shift of that place, 0 rest, a letter chooses by name. */
export function keyOf({ key, shift, control }: Key, shifts: readonly string[]): Meant | undefined {
  if (control) {
    const letter = key.toLowerCase()
    return letter === 'z' && shift ? { what: 'redo' } : WITH_CONTROL[letter]
  }
  if (key === 'Delete' || key === 'Backspace') return { what: 'set', value: DEFAULT }
  if (key === 'Enter' || key === 'F2') return { what: 'choose', typed: '' }
  if (key === 'Escape') return { what: 'one' }
  if (key === '0') return { what: 'set', value: null }
  if (/^[1-9]$/.test(key)) {
    const value = shifts[Number(key) - 1]
    return value === undefined ? undefined : { what: 'set', value }
  }
  return [...key].length === 1 && key !== ' ' ? { what: 'choose', typed: key } : undefined
}
