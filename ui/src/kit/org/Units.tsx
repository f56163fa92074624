import { Checkbox, Input } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Empty } from '../small'
import { OrgTree } from './OrgTree'
import type { ChooserProps } from './chooser'
import { SideButtons } from './SideButtons'
import { type Selection, sideOf, type Target } from './selection'
import type { Org, Unit, UnitKind } from './tree'
import { useTreeRows } from './useOrg'

const targetOf = ({ kind, id, name }: Unit): Target => ({ kind, id, name })

interface Props extends ChooserProps {
  kind: UnitKind
  org: Org
  /** Who is to decide whether the departments below are meant too; without it they always are. */
  below?: { value: boolean; onChange: (value: boolean) => void } | undefined
}

/** Departments or branches. The other kind is in the tree where it leads to one, and cannot be chosen. */
export function UnitChooser({ kind, org, selection, sides, onToggle, below }: Props) {
  const { t } = useTranslation()
  const [search, setSearch] = useState('')
  const kinds = useMemo(() => new Set([kind]), [kind])
  const { rows, expand } = useTreeRows(org, search, kinds)
  const activate = (unit: Unit) => {
    if (unit.kind === kind) onToggle('include', targetOf(unit))
    else expand(unit, rows.find((row) => row.unit === unit)?.expanded === false)
  }
  return (
    <>
      <Input.Search allowClear aria-label={t(`picker.search.${kind}`)} placeholder={t(`picker.search.${kind}`)} value={search} onChange={(event) => setSearch(event.target.value)} />
      {below ? (
        <Checkbox checked={below.value} onChange={(event) => below.onChange(event.target.checked)}>{t('picker.below')}</Checkbox>
      ) : (
        <p className="muted">{t(`picker.belowAlways.${kind}`)}</p>
      )}
      <div className="picker-tree">
        {rows.length === 0 ? (
          <Empty title={t(search === '' ? `picker.none.${kind}` : 'kit.nothingFound')} />
        ) : (
          <OrgTree
            label={t(`picker.tab.${kind}`)}
            rows={rows}
            selected={(unit) => sideOfUnit(selection, unit) !== undefined}
            onActivate={activate}
            onExpand={expand}
            actions={(unit, tabIndex) =>
              sides && unit.kind === kind ? (
                <SideButtons name={unit.name} tabIndex={tabIndex} side={sideOfUnit(selection, unit)} onToggle={(side) => onToggle(side, targetOf(unit))} />
              ) : null
            }
          />
        )}
      </div>
    </>
  )
}

const sideOfUnit = (selection: Selection, unit: Unit) => sideOf(selection, targetOf(unit))
