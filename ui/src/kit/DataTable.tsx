import { CaretDownOutlined, CaretUpOutlined, SettingOutlined } from '@ant-design/icons'
import { useVirtualizer } from '@tanstack/react-virtual'
import { Button, Checkbox, Popover } from 'antd'
import { useEffect, useMemo, useRef, useState, type CSSProperties, type KeyboardEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { number } from './format'
import { Empty, Failure, useSlow } from './small'
import { useFilters } from './url'
import { useRowKeys } from './useRowKeys'

export interface Column<T> {
  key: string
  title: string
  /** What the title means, on hover. */
  hint?: string
  /** A button beside the title. */
  extra?: ReactNode
  /** Its title is for screen readers only. */
  quiet?: boolean
  /** Stays at the right edge while the others are scrolled: what can be done with a row. */
  stays?: boolean
  /** A CSS grid track; `minmax(160px, 2fr)` by default. */
  width?: string
  align?: 'end'
  render: (row: T) => ReactNode
  /** Offered only where every row is loaded: the API's lists have one order. */
  compare?: (a: T, b: T) => number
  /** Cannot be hidden. */
  always?: boolean
  /** Hidden until chosen. */
  optional?: boolean
}

/** What a list query gives (see `useList`). */
export interface Rows<T> {
  rows: readonly T[]
  total: number
  loading: boolean
  error: unknown
  retry: () => void
  more?: (() => void) | undefined
}

interface Props<T> {
  /** Names the table in the browser's memory of hidden columns. */
  id: string
  label: string
  columns: readonly Column<T>[]
  list: Rows<T>
  rowKey: (row: T) => string
  rowName: (row: T) => string
  /** Search and filters, at the left of the tool row. */
  filters?: ReactNode
  /** Whether a filter is set: an empty list then offers to clear it. */
  filtered?: boolean
  onClearFilters?: () => void
  empty: ReactNode
  /** Buttons for the selected rows; with it, rows can be selected. */
  batch?: (selected: readonly T[], clear: () => void) => ReactNode
  /** What keys do to the row that has the keyboard; with them, arrows go from row to row and the space bar selects. */
  keys?: Readonly<Record<string, (row: T) => void>>
}

const ROW = 40

const classOf = <T,>({ align, stays }: Column<T>): string | undefined => [align, stays && 'stays'].filter(Boolean).join(' ') || undefined

/** What somebody has hidden of a table; none while they have chosen nothing. */
function storedColumns(id: string): string[] | null {
  return localStorage.getItem(`rollcall.columns.${id}`)?.split(',').filter(Boolean) ?? null
}

/** The one table of the console. Rows are virtual: only those on screen exist, so 100,000 scroll as smoothly as ten. */
export function DataTable<T>(props: Props<T>) {
  const { id, label, columns, list, rowKey, rowName, batch, keys } = props
  const { t } = useTranslation()
  const { get, set } = useFilters()
  const [stored, setStored] = useState(() => storedColumns(id))
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const [gathering, setGathering] = useState(false)
  const scroller = useRef<HTMLDivElement>(null)
  const slow = useSlow(list.loading)

  // Columns may come later than the table, as fields of people do.
  const hidden = useMemo(() => new Set(stored ?? columns.filter((column) => column.optional).map((column) => column.key)), [stored, columns])
  const shown = columns.filter((column) => column.always || !hidden.has(column.key))
  const complete = !list.more
  const sortName = get('sort')
  const descending = sortName.startsWith('-')
  const sortKey = descending ? sortName.slice(1) : sortName
  const compare = complete ? columns.find((column) => column.key === sortKey)?.compare : undefined
  const rows = useMemo(() => {
    if (!compare) return list.rows
    const sorted = [...list.rows].toSorted(compare)
    return descending ? sorted.toReversed() : sorted
  }, [list.rows, compare, descending])

  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 12,
  })
  const items = virtual.getVirtualItems()
  const walk = useRowKeys({ scroller, count: rows.length, show: (index) => virtual.scrollToIndex(index) })
  const onRowKey = (event: KeyboardEvent, index: number, row: T) => {
    if (!keys || event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return
    const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key]
    if (act) act(row)
    else if (event.key === ' ' && batch) toggle(rowKey(row))
    else if (!walk.move(event.key, index)) return
    event.preventDefault()
  }
  const lastIndex = items.at(-1)?.index ?? 0
  const { more } = list
  useEffect(() => {
    if (more && lastIndex >= rows.length - 30) more()
  }, [more, lastIndex, rows.length])

  // Everything is selected once everything is here.
  const total = list.rows.length
  useEffect(() => {
    if (gathering) more?.()
  }, [gathering, more, total])
  if (gathering && !more) {
    setGathering(false)
    setSelected(new Set(rows.map(rowKey)))
  }

  const selectedRows = useMemo(() => rows.filter((row) => selected.has(rowKey(row))), [rows, selected, rowKey])
  const clear = () => setSelected(new Set())
  const toggle = (key: string) =>
    setSelected((before) => {
      const next = new Set(before)
      if (!next.delete(key)) next.add(key)
      return next
    })

  const choose = (key: string, show: boolean) => {
    const next = new Set(hidden)
    if (show) next.delete(key)
    else next.add(key)
    setStored([...next])
    localStorage.setItem(`rollcall.columns.${id}`, [...next].join(','))
  }

  const tracks = [...(batch ? ['40px'] : []), ...shown.map((column) => column.width ?? 'minmax(140px, 1fr)')].join(' ')
  const grid: CSSProperties = { gridTemplateColumns: tracks }

  let body: ReactNode
  if (list.error && list.rows.length === 0) {
    body = <Failure title={t('kit.loadFailed')} error={list.error} onRetry={list.retry} />
  } else if (list.loading && list.rows.length === 0) {
    body = <p className="muted loading" role="status">{slow ? t('kit.loading') : ''}</p>
  } else if (rows.length === 0) {
    body = props.filtered ? (
      <Empty
        title={t('kit.nothingFound')}
        hint={t('kit.nothingFoundHint')}
        action={props.onClearFilters && <Button onClick={props.onClearFilters}>{t('action.clearFilters')}</Button>}
      />
    ) : (
      props.empty
    )
  }

  return (
    <div className="table-block">
      <div className="table-tools">
        <div className="table-filters">{props.filters}</div>
        <span className="muted table-count" aria-live="polite">
          {list.rows.length < list.total
            ? t('kit.loaded', { shown: number(list.rows.length), total: number(list.total) })
            : t('kit.total', { count: rows.length })}
        </span>
        <Popover
          trigger="click"
          placement="bottomRight"
          content={
            <div className="column-chooser" role="group" aria-label={t('kit.columns')}>
              {columns.filter((column) => !column.always).map((column) => (
                <Checkbox key={column.key} checked={!hidden.has(column.key)} onChange={(event) => choose(column.key, event.target.checked)}>
                  {column.title}
                </Checkbox>
              ))}
            </div>
          }
        >
          <Button icon={<SettingOutlined />}>{t('kit.columns')}</Button>
        </Popover>
      </div>
      {batch && selectedRows.length > 0 && (
        <div className="batch-bar" role="toolbar" aria-label={t('kit.batch')}>
          <strong>{t('kit.selected', { count: selectedRows.length })}</strong>
          {batch(selectedRows, clear)}
          {more && selectedRows.length === rows.length && (
            <Button type="link" loading={gathering} onClick={() => setGathering(true)}>{t('kit.selectEverything', { total: number(list.total) })}</Button>
          )}
          <Button type="text" onClick={clear}>{t('kit.unselect')}</Button>
        </div>
      )}
      {list.error !== null && list.error !== undefined && list.rows.length > 0 && (
        <Failure title={t('kit.loadFailed')} error={list.error} onRetry={list.retry} />
      )}
      {body ?? (
        // The scroller takes the keyboard's arrows and pages, so it is one stop of Tab; where rows take them, a row is.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <div className="table-scroller" ref={scroller} tabIndex={keys ? -1 : 0} role="region" aria-label={label}>
          <div role="table" aria-label={label} aria-rowcount={list.total + 1} aria-colcount={shown.length + (batch ? 1 : 0)} className="table">
            <div role="rowgroup" className="table-head">
              <div role="row" aria-rowindex={1} className="table-row" style={grid}>
                {batch && (
                  <div role="columnheader">
                    <Checkbox
                      aria-label={t('kit.selectAll')}
                      checked={selectedRows.length === rows.length}
                      indeterminate={selectedRows.length > 0 && selectedRows.length < rows.length}
                      onChange={(event) => setSelected(new Set(event.target.checked ? rows.map(rowKey) : []))}
                    />
                  </div>
                )}
                {shown.map((column) => {
                  const sorted = column.key === sortKey && column.compare && complete
                  const order = descending ? 'descending' : 'ascending'
                  return (
                    <div role="columnheader" key={column.key} className={classOf(column)} title={column.hint} {...(sorted ? { 'aria-sort': order } : {})}>
                      {column.compare && complete ? (
                        <button
                          type="button"
                          className="sort"
                          onClick={() => set({ sort: sorted ? (descending ? undefined : `-${column.key}`) : column.key })}
                        >
                          {column.title}
                          {sorted && (descending ? <CaretDownOutlined aria-label={t('kit.sortDescending')} /> : <CaretUpOutlined aria-label={t('kit.sortAscending')} />)}
                        </button>
                      ) : (
                        <span className={column.quiet ? 'sr-only' : undefined}>{column.title}</span>
                      )}
                      {column.extra}
                    </div>
                  )
                })}
              </div>
            </div>
            <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
              {items.map((item) => {
                const row = rows[item.index]
                if (row === undefined) return null
                const key = rowKey(row)
                const picked = selected.has(key)
                return (
                  <div
                    role="row"
                    key={key}
                    aria-rowindex={item.index + 2}
                    className={picked ? 'table-row picked' : 'table-row'}
                    {...(keys && {
                      'data-row': item.index,
                      tabIndex: item.index === walk.at ? 0 : -1,
                      'aria-keyshortcuts': Object.keys(keys).join(' '),
                      onFocus: () => walk.enter(item.index),
                      // Not told of a row that is taken off the page.
                      onBlur: walk.leave,
                      onKeyDown: (event: KeyboardEvent) => onRowKey(event, item.index, row),
                    })}
                    style={{ ...grid, height: ROW, position: 'absolute', top: 0, left: 0, right: 0, transform: `translateY(${String(item.start)}px)` }}
                  >
                    {batch && (
                      <div role="cell">
                        <Checkbox aria-label={t('kit.selectRow', { name: rowName(row) })} checked={picked} onChange={() => toggle(key)} />
                      </div>
                    )}
                    {shown.map((column) => (
                      <div role="cell" key={column.key} className={classOf(column)}>
                        {column.render(row)}
                      </div>
                    ))}
                  </div>
                )
              })}
            </div>
          </div>
          {more && <p className="muted loading" role="status">{t('kit.loadingMore')}</p>}
        </div>
      )}
    </div>
  )
}
