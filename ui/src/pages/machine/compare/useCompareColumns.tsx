import type { TFunction } from 'i18next'
import { Button } from 'antd'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Comparison, Machine } from '../../../api/types'
import type { Column } from '../../../kit'
import { templatesText } from '../OnMachine'
import type { Refusal } from '../../../kit'
import { actionsFor, nameOf, type Action } from './actions'
import { useResolveNotice } from './useResolveNotice'

const TONE = { same: 'good', different: 'warn', onlyHere: '', onlyThere: 'warn' } as const

interface Handlers {
  onClaim: (row: Comparison) => void
  onDelete: (row: Comparison) => void
  onRefused: (refused: readonly Refusal[]) => void
}

export function useCompareColumns(machine: Machine, { onClaim, onDelete, onRefused }: Handlers): Column<Comparison>[] {
  const { t } = useTranslation()
  const { resolve, busy } = useResolveNotice(machine, onRefused)
  return useMemo<Column<Comparison>[]>(() => {
    const act = (action: Action, row: Comparison) => {
      if (action === 'claim') onClaim(row)
      else if (action === 'delete') onDelete(row)
      else void resolve([{ pin: row.pin, action }], [row])
    }
    return [
      { key: 'pin', title: t('punches.colPin'), width: '100px', always: true, render: (row) => <span>{row.pin}</span> },
      { key: 'kind', title: t('compare.colKind'), width: '158px', always: true, render: (row) => <span className={`tag tag-${TONE[row.kind]}`}>{t(`compare.kind.${row.kind}`)}</span> },
      { key: 'here', title: t('compare.here'), width: 'minmax(170px, 1.3fr)', always: true, render: (row) => <Words text={hereText(t, row)} /> },
      { key: 'there', title: t('compare.there'), width: 'minmax(200px, 1.6fr)', always: true, render: (row) => <Words text={thereText(t, row)} /> },
      { key: 'differences', title: t('compare.differences'), width: 'minmax(100px, 0.8fr)', render: (row) => <span className="warn">{row.differences.map((each) => differenceText(t, each)).join(t('picker.and'))}</span> },
      {
        key: 'actions',
        title: t('machines.colActions'),
        width: '222px',
        quiet: true,
        stays: true,
        always: true,
        render: (row) => (
          <span className="row-actions">
            {actionsFor(row).map((action) => (
              <Button key={action} type="link" size="small" danger={action === 'delete'} disabled={busy} aria-label={`${t(`compare.action.${action}`)}: ${nameOf(row)}`} onClick={() => act(action, row)}>
                {t(`compare.action.${action}`)}
              </Button>
            ))}
          </span>
        ),
      },
    ]
  }, [t, busy, resolve, onClaim, onDelete])
}

const Words = ({ text }: { text: string }) => <span title={text} className={text === '–' ? 'muted' : undefined}>{text}</span>

function hereText(t: TFunction, { here }: Comparison): string {
  if (!here) return '–'
  return [here.name, t(`role.${here.role}`), ...(here.enabled ? [] : [t('roster.off')])].join(' · ')
}

function thereText(t: TFunction, { there }: Comparison): string {
  if (!there) return '–'
  return [
    there.name || t('compare.noName'),
    t(`role.${there.role}`),
    ...(there.inactive ? [t('compare.inactive')] : []),
    ...(there.card ? [t('compare.card')] : []),
    ...(there.password || Object.values(there.templates).some((count) => count > 0) ? [templatesText(t, { templates: there.templates, hasPassword: there.password })] : []),
  ].join(' · ')
}

function differenceText(t: TFunction, difference: string): string {
  if (difference === 'name') return t('people.name')
  if (difference === 'role') return t('roster.colRole')
  return difference === 'enabled' ? t('roster.colEnabled') : difference
}
