import { useVirtualizer } from '@tanstack/react-virtual'
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type CSSProperties, type KeyboardEvent, type PointerEvent as Pointed, type ReactNode, type RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import type { CalendarDay, ScheduleProblem, ScheduleRow } from '../../../api/scheduleTypes'
import type { ShiftWords } from '../useWords'
import { Chooser } from './Chooser'
import { drawnTo, repeated } from './fill'
import { cellUnder, HEAD, ROW, scrollFor, tracksFor, type Tracks } from './geometry'
import { GridHead } from './GridHead'
import { cellId, GridRow } from './GridRow'
import { keyOf } from './keys'
import { moved, rectOf, single, wholeColumn, wholeRow, type At, type Rect } from './selection'
import { useClipboard } from './useClipboard'
import type { Editor } from './useEditor'
import type { View } from './useSchedulePage'

interface Props {
  rows: readonly ScheduleRow[]
  total: number
  more: (() => void) | undefined
  dates: readonly string[]
  calendar: ReadonlyMap<string, CalendarDay>
  view: View
  editor: Editor
  problems: ReadonlyMap<string, ScheduleProblem[]>
  words: ShiftWords
  onSave: () => void
}

/** Names down, dates across, and the moves of a spreadsheet. Only the rows on screen exist. */
export function GridTable({ rows, total, more, dates, calendar, view, editor, problems, words, onSave }: Props) {
  const { t } = useTranslation()
  const frame = useRef<HTMLDivElement>(null)
  const tracks = useTracks(frame, dates.length, view)
  const [choosing, setChoosing] = useState<string | null>(null)
  const [filling, setFilling] = useState<Rect | null>(null)
  const drawing = useRef<'select' | 'fill' | null>(null)
  const { range, size, select } = editor
  const rect = rectOf(range)
  useClipboard(frame, editor, words)

  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => frame.current, estimateSize: () => ROW, overscan: 10 })
  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (more && last >= rows.length - 40) more()
  }, [more, last, rows.length])

  const show = useCallback(
    (at: At) => {
      const element = frame.current
      if (!element) return
      const to = scrollFor(at, tracks, { left: element.scrollLeft, top: element.scrollTop, width: element.clientWidth, height: element.clientHeight })
      element.scrollTo(to)
    },
    [tracks],
  )
  // What is selected is seen, wherever the selection came from: a key, a click, or a problem somebody wants to look at.
  useEffect(() => show(range.focus), [show, range.focus])

  const page = () => Math.max(1, Math.floor(((frame.current?.clientHeight ?? 0) - HEAD) / ROW) - 1)
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== frame.current || event.altKey) return
    const control = event.ctrlKey || event.metaKey
    const next = moved(range, { key: event.key, shift: event.shiftKey, control }, size, page())
    if (next) {
      event.preventDefault()
      select(next)
      return
    }
    const meant = keyOf({ key: event.key, shift: event.shiftKey, control }, words.shifts.map(({ id }) => id))
    if (!meant) return
    event.preventDefault()
    if (meant.what === 'set') editor.setAll(meant.value)
    else if (meant.what === 'choose') setChoosing(meant.typed)
    else if (meant.what === 'all') select({ anchor: { row: 0, column: 0 }, focus: { row: size.rows - 1, column: size.columns - 1 } })
    else if (meant.what === 'one') select(single(range.anchor))
    else if (meant.what === 'save') onSave()
    else editor[meant.what]()
  }

  const at = (event: Pointed): At => {
    const box = frame.current?.getBoundingClientRect()
    return cellUnder(event.clientX - (box?.left ?? 0) + (frame.current?.scrollLeft ?? 0), event.clientY - (box?.top ?? 0) + (frame.current?.scrollTop ?? 0), tracks, size)
  }
  const onPointerDown = (event: Pointed) => {
    if (event.button !== 0) return
    const element = event.target as HTMLElement
    const handle = element.closest('.fill-handle') !== null
    if (!handle && element.closest('.grid-cell') === null) return
    event.preventDefault()
    frame.current?.focus()
    setChoosing(null)
    drawing.current = handle ? 'fill' : 'select'
    if (!handle) select(event.shiftKey ? { anchor: range.anchor, focus: at(event) } : single(at(event)))
    frame.current?.setPointerCapture(event.pointerId)
  }
  const onPointerMove = (event: Pointed) => {
    if (drawing.current === 'select') {
      const focus = at(event)
      if (focus.row !== range.focus.row || focus.column !== range.focus.column) select({ anchor: range.anchor, focus })
    } else if (drawing.current === 'fill') setFilling(drawnTo(rect, at(event)))
  }
  const onPointerUp = () => {
    if (drawing.current === 'fill' && filling) {
      editor.copy(repeated(rect, filling))
      select({ anchor: { row: filling.top, column: filling.left }, focus: { row: filling.bottom, column: filling.right } })
    }
    drawing.current = null
    setFilling(null)
  }

  // These stay the same while the selection moves, so that rows it does not touch are not drawn again.
  const selectRow = useCallback(
    (index: number, extend: boolean) => {
      select((before) => (extend ? wholeRow(before.anchor.row, size, index) : wholeRow(index, size)))
      frame.current?.focus()
    },
    [select, size],
  )
  const selectDay = useCallback(
    (column: number, extend: boolean) => {
      select((before) => (extend ? wholeColumn(before.anchor.column, size, column) : wholeColumn(column, size)))
      frame.current?.focus()
    },
    [select, size],
  )

  const close = () => {
    setChoosing(null)
    frame.current?.focus()
  }
  return (
    <>
      <div
        ref={frame}
        className="schedule-grid"
        role="grid"
        tabIndex={0}
        aria-label={t('grid.label')}
        aria-multiselectable="true"
        aria-rowcount={total + 1}
        aria-colcount={dates.length + 1}
        aria-activedescendant={rows.length > 0 ? cellId(range.focus.row, range.focus.column) : undefined}
        onKeyDown={onKeyDown}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerCancel={onPointerUp}
        onDoubleClick={(event) => (event.target as HTMLElement).closest('.grid-cell') && setChoosing('')}
      >
        <GridHead dates={dates} calendar={calendar} tracks={tracks} long={view === 'week'} onDay={selectDay} />
        <div role="rowgroup" className="grid-body" style={{ height: rows.length * ROW, width: tracks.name + tracks.cell * dates.length }}>
          {items.map(({ index }) => {
            const row = rows[index]
            if (!row) return null
            const picked = index >= rect.top && index <= rect.bottom
            return (
              <GridRow
                key={row.employeeId}
                row={row}
                index={index}
                tracks={tracks}
                long={view === 'week'}
                edits={editor.history.edits}
                problems={problems}
                words={words}
                from={picked ? rect.left : -1}
                to={picked ? rect.right : -1}
                onName={selectRow}
              />
            )
          })}
          <Frame rect={rect} tracks={tracks} className="grid-selection">
            <span className="fill-handle" aria-hidden="true" />
          </Frame>
          <Frame rect={{ top: range.anchor.row, bottom: range.anchor.row, left: range.anchor.column, right: range.anchor.column }} tracks={tracks} className="grid-anchor" />
          {filling && <Frame rect={filling} tracks={tracks} className="grid-filling" />}
        </div>
      </div>
      {choosing !== null && (
        <Chooser words={words} typed={choosing} style={placeOf(frame.current, range.anchor, tracks)} onClose={close} onChoose={(value) => { editor.setAll(value); close() }} />
      )}
    </>
  )
}

/** A frame around cells; it is drawn over them and takes nothing from the mouse. */
function Frame({ rect, tracks, className, children }: { rect: Rect; tracks: Tracks; className: string; children?: ReactNode }) {
  return (
    <div
      className={className}
      role="presentation"
      style={{ left: tracks.name + rect.left * tracks.cell, top: rect.top * ROW, width: (rect.right - rect.left + 1) * tracks.cell, height: (rect.bottom - rect.top + 1) * ROW }}
    >
      {children}
    </div>
  )
}

const CHOOSER = { width: 240, height: 260 }

/** Below the cell, or above it near the bottom; on the screen in any case. */
function placeOf(frame: HTMLElement | null, { row, column }: At, tracks: Tracks): CSSProperties {
  const box = frame?.getBoundingClientRect()
  if (!box || !frame) return {}
  const left = box.left + tracks.name + column * tracks.cell - frame.scrollLeft
  const top = box.top + HEAD + row * ROW - frame.scrollTop
  const below = top + ROW + CHOOSER.height < innerHeight
  return { position: 'fixed', width: CHOOSER.width, left: Math.min(left, innerWidth - CHOOSER.width - 8), ...(below ? { top: top + ROW } : { bottom: innerHeight - top }) }
}

/** As wide as there is room for, so that a month fits the screen where it can. */
function useTracks(frame: RefObject<HTMLElement | null>, columns: number, view: View): Tracks {
  const [space, setSpace] = useState(0)
  useLayoutEffect(() => {
    const element = frame.current
    if (!element) return undefined
    const measure = () => setSpace(element.clientWidth)
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [frame])
  return useMemo(() => tracksFor(space, columns, view), [space, columns, view])
}
