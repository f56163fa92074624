import { CaretDownOutlined, CaretRightOutlined } from '@ant-design/icons'
import { useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { number } from '../format'
import type { TreeRow, Unit } from './tree'

interface Props {
  label: string
  rows: readonly TreeRow[]
  selected: (unit: Unit) => boolean
  onActivate: (unit: Unit) => void
  onExpand: (unit: Unit, expanded: boolean) => void
  /** Buttons at the end of a row; only the row that has the keyboard lends them its stop. */
  actions?: (unit: Unit, tabIndex: number) => ReactNode
}

/** Branches and departments. Arrows move and open, Enter chooses, Tab goes to the row's own buttons. */
export function OrgTree({ label, rows, selected, onActivate, onExpand, actions }: Props) {
  const { t } = useTranslation()
  const list = useRef<HTMLUListElement>(null)
  const [at, setAt] = useState<string | null>(null)
  const current = rows.find(({ unit }) => unit.key === at) ?? rows.find(({ unit }) => selected(unit)) ?? rows[0]

  const go = (row: TreeRow | undefined) => {
    if (!row) return
    setAt(row.unit.key)
    list.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(row.unit.key)}"]`)?.focus()
  }
  const onKeyDown = (event: KeyboardEvent, row: TreeRow) => {
    if (event.target !== event.currentTarget) return
    const index = rows.indexOf(row)
    const steps: Record<string, () => void> = {
      ArrowDown: () => go(rows[index + 1]),
      ArrowUp: () => go(rows[index - 1]),
      Home: () => go(rows[0]),
      End: () => go(rows.at(-1)),
      ArrowRight: () => (row.expanded === false ? onExpand(row.unit, true) : row.expanded && go(rows[index + 1])),
      ArrowLeft: () => (row.expanded ? onExpand(row.unit, false) : go(rows.find(({ unit }) => unit === row.unit.parent))),
      Enter: () => onActivate(row.unit),
      ' ': () => onActivate(row.unit),
    }
    const step = steps[event.key]
    if (!step) return
    event.preventDefault()
    step()
  }

  return (
    <ul className="org-tree" role="tree" aria-label={label} ref={list}>
      {rows.map((row) => {
        const { unit, level, expanded } = row
        const tabIndex = row === current ? 0 : -1
        return (
          <li
            key={unit.key}
            role="treeitem"
            data-key={unit.key}
            aria-level={level}
            aria-selected={selected(unit)}
            aria-label={unit.name}
            {...(expanded === undefined ? {} : { 'aria-expanded': expanded })}
            tabIndex={tabIndex}
            style={{ paddingLeft: 4 + (level - 1) * 16 }}
            onFocus={() => setAt(unit.key)}
            onKeyDown={(event) => onKeyDown(event, row)}
          >
            <button
              type="button"
              className="org-expand"
              tabIndex={-1}
              aria-label={t(expanded ? 'org.collapse' : 'org.expand', { name: unit.name })}
              disabled={expanded === undefined}
              onClick={() => onExpand(unit, !expanded)}
            >
              {expanded !== undefined && (expanded ? <CaretDownOutlined aria-hidden="true" /> : <CaretRightOutlined aria-hidden="true" />)}
            </button>
            <button type="button" className="org-name" tabIndex={-1} title={unit.name} onClick={() => onActivate(unit)}>
              <span className={unit.kind === 'branch' ? 'org-branch' : undefined}>{unit.name}</span>
              <span className="muted">{number(unit.employees)}</span>
            </button>
            {actions?.(unit, tabIndex)}
          </li>
        )
      })}
    </ul>
  )
}
