import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useLayoutEffect, useMemo, useRef, useState, type CSSProperties, type KeyboardEvent, type MouseEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { SheetDate, SheetRow } from '../../../api/attendanceTypes'
import { today, useFilters, type Rows } from '../../../kit'
import { dayKey } from '../openDay'
import { moved, type Place } from './move'
import { SheetHead } from './SheetHead'
import { SheetLine } from './SheetLine'
import { TOTALS } from './totalColumns'

const ROW = 38
const NAME = 128

interface Props {
  month: string
  dates: readonly SheetDate[]
  list: Rows<SheetRow>
}

const placeOf = (target: EventTarget): Place | undefined => {
  const cell = target instanceof Element ? target.closest<HTMLElement>('[data-place]') : null
  const [row, column] = cell?.dataset['place']?.split(' ').map(Number) ?? []
  return row === undefined || column === undefined ? undefined : { row, column }
}

/** Names down, days across; only the rows on screen exist. Arrows go from cell to cell, Enter opens the day. */
export function SheetGrid({ month, dates, list }: Props) {
  const { t } = useTranslation()
  const { set } = useFilters()
  const scroller = useRef<HTMLDivElement>(null)
  const [at, setAt] = useState<Place>({ row: 0, column: 1 })
  const wanted = useRef<Place | null>(null)
  const { rows, more } = list
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => ROW, overscan: 8, scrollPaddingStart: 40 })
  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (more && last >= rows.length - 30) more()
  }, [more, last, rows.length])
  useLayoutEffect(() => {
    if (!wanted.current) return
    const cell = scroller.current?.querySelector<HTMLElement>(`[data-place="${String(wanted.current.row)} ${String(wanted.current.column)}"]`)
    if (!cell) return
    wanted.current = null
    cell.focus({ preventScroll: true })
    cell.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  })

  // What is asked about first is what is newest: today stands in sight.
  const newest = dates.findIndex(({ date }) => date === today())
  useLayoutEffect(() => {
    if (newest < 0) return
    setAt({ row: 0, column: newest + 1 })
    scroller.current?.querySelector(`[data-column="${String(newest + 1)}"]`)?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [newest, month])

  const current: Place = { row: Math.min(at.row, rows.length - 1), column: Math.min(at.column, dates.length) }
  const open = ({ row, column }: Place) => {
    const line = rows[row]
    const date = dates[Math.max(0, column - 1)]?.date
    if (line && date && column > 0) set({ day: dayKey(line.employeeId, date) })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const from = placeOf(event.target)
    if (!from) return
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault()
      open(from)
      return
    }
    const to = moved(event.key, from, rows.length, dates.length + 1, event.ctrlKey)
    if (!to) return
    event.preventDefault()
    wanted.current = to
    setAt(to)
    virtual.scrollToIndex(to.row)
  }
  const onClick = (event: MouseEvent) => {
    const place = placeOf(event.target)
    if (!place) return
    setAt(place)
    open(place)
  }

  // The same object at every step of scrolling: a line is drawn anew when what it is given is another.
  const grid = useMemo<CSSProperties>(
    () => ({ gridTemplateColumns: `${String(NAME)}px repeat(${String(dates.length)}, minmax(42px, 1fr)) ${TOTALS.map(({ width }) => `${String(width)}px`).join(' ')}` }),
    [dates.length],
  )
  return (
    <div className="table-block sheet-block">
      <div className="sheet-scroller" ref={scroller}>
        <div role="grid" aria-label={t('sheet.label', { month })} aria-rowcount={list.total + 1} aria-colcount={dates.length + 1 + TOTALS.length} className="sheet" onKeyDown={onKeyDown} onClick={onClick} tabIndex={-1}>
          <SheetHead dates={dates} grid={grid} />
          <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
            {items.map(({ index, start }) => {
              const row = rows[index]
              return row && <SheetLine key={row.employeeId} row={row} index={index} start={start} height={ROW} dates={dates} grid={grid} at={current.row === index ? current.column : undefined} />
            })}
          </div>
        </div>
        {more && <p className="muted loading" role="status">{t('kit.loadingMore')}</p>}
      </div>
    </div>
  )
}
