import { SettingOutlined } from '@ant-design/icons'
import { Button, Tooltip } from 'antd'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Machine, RosterEntry } from '../../../api/types'
import { type Column, explain, type Refusal } from '../../../kit'
import { unitKey, useOrg } from '../../../kit/org'
import { PinCell } from './PinCell'
import { STATE_TONE } from './states'

const byText = (pick: (entry: RosterEntry) => string) => (a: RosterEntry, b: RosterEntry) => pick(a).localeCompare(pick(b), 'zh', { numeric: true })

interface Handlers {
  onEdit: (entry: RosterEntry) => void
  onMapping: () => void
  onRefused: (refused: readonly Refusal[]) => void
}

export function useRosterColumns(machine: Machine, { onEdit, onMapping, onRefused }: Handlers): Column<RosterEntry>[] {
  const { t } = useTranslation()
  const { org } = useOrg()
  const { sn } = machine
  return useMemo<Column<RosterEntry>[]>(() => {
    const departmentOf = ({ departmentId }: RosterEntry) => (departmentId === null ? '' : (org.byKey.get(unitKey('department', departmentId))?.name ?? ''))
    return [
      { key: 'name', title: t('people.name'), width: 'minmax(110px, 1.1fr)', always: true, compare: byText((entry) => entry.name), render: (entry) => <span>{entry.name}</span> },
      { key: 'department', title: t('people.colDepartment'), width: 'minmax(110px, 1fr)', compare: byText(departmentOf), render: (entry) => <span>{departmentOf(entry)}</span> },
      { key: 'id', title: t('people.id'), width: 'minmax(120px, 1fr)', optional: true, compare: byText((entry) => entry.employeeId), render: (entry) => <span className="mono">{entry.employeeId}</span> },
      {
        key: 'pin',
        title: t('roster.colPin'),
        width: 'minmax(232px, 1.1fr)',
        always: true,
        compare: byText((entry) => entry.pin ?? ''),
        extra: (
          <Tooltip title={t('mapping.title')}>
            <Button className="head-button" type="text" size="small" icon={<SettingOutlined />} aria-label={t('mapping.title')} onClick={onMapping} />
          </Tooltip>
        ),
        render: (entry) => <PinCell sn={sn} entry={entry} onRefused={onRefused} />,
      },
      { key: 'role', title: t('roster.colRole'), width: '100px', compare: byText((entry) => entry.role), render: (entry) => <span>{t(`role.${entry.role}`)}</span> },
      {
        key: 'enabled',
        title: t('roster.colEnabled'),
        width: '110px',
        render: (entry) =>
          entry.enabled ? (
            <span>{t('roster.on')}</span>
          ) : (
            <span className="tag tag-warn" title={entry.disabledBy === null ? undefined : t(`roster.disabledBy.${entry.disabledBy}`)}>
              {entry.disabledBy === 'rule' ? t('roster.offByRule') : t('roster.off')}
            </span>
          ),
      },
      { key: 'source', title: t('roster.colSource'), width: '110px', optional: true, render: (entry) => <span>{t(`roster.source.${entry.source}`)}</span> },
      {
        key: 'state',
        title: t('roster.colState'),
        width: 'minmax(180px, 2fr)',
        compare: byText((entry) => entry.state),
        render: (entry) => {
          const why = entry.failure ?? entry.pinProblem
          return (
            <span title={why ? explain(why) : undefined}>
              <span className={`tag tag-${STATE_TONE[entry.state]}`}>{t(`rosterState.${entry.state}`)}</span>{' '}
              <span className="muted">{why ? explain(why) : ''}</span>
            </span>
          )
        },
      },
      {
        key: 'actions',
        title: t('machines.colActions'),
        width: '76px',
        quiet: true,
        stays: true,
        always: true,
        render: (entry) => (
          <Button type="link" size="small" aria-label={`${t('action.edit')}: ${entry.name}`} onClick={() => onEdit(entry)}>
            {t('action.edit')}
          </Button>
        ),
      },
    ]
  }, [t, org, sn, onEdit, onMapping, onRefused])
}
