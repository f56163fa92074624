import { useLayoutEffect, useRef, useState, type RefObject } from 'react'

interface Rows {
  scroller: RefObject<HTMLElement | null>
  count: number
  /** Brings a row on screen, since only those there exist. */
  show: (index: number) => void
}

/** The keyboard goes from row to row: one of them is the stop of Tab, arrows, Home and End move it. */
export function useRowKeys({ scroller, count, show }: Rows) {
  const [at, set] = useState(0)
  const wanted = useRef<number | null>(null)
  const held = useRef(false)
  // A row far away appears a moment after it was scrolled to.
  useLayoutEffect(() => {
    // The row that had the keyboard is gone from the list: the one in its place has it.
    if (held.current && count > 0 && document.activeElement === document.body) wanted.current ??= Math.min(at, count - 1)
    if (wanted.current === null) return
    const row = scroller.current?.querySelector<HTMLElement>(`[data-row="${String(wanted.current)}"]`)
    if (!row) return
    wanted.current = null
    row.focus({ preventScroll: true })
  })
  const move = (key: string, from: number): boolean => {
    const to = { ArrowDown: from + 1, ArrowUp: from - 1, Home: 0, End: count - 1 }[key]
    if (to === undefined) return false
    const index = Math.max(0, Math.min(count - 1, to))
    wanted.current = index
    set(index)
    show(index)
    return true
  }
  const enter = (index: number) => {
    held.current = true
    set(index)
  }
  const leave = () => {
    held.current = false
  }
  return { at: Math.min(at, Math.max(0, count - 1)), enter, leave, move }
}
