import { MoreOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Dropdown, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Failure, Loading } from '../../kit'
import { OrgTree, useOrg, useTreeRows, type Unit } from '../../kit/org'
import { DeleteUnit } from './DeleteUnit'
import { UnitForm, type UnitFormFor } from './UnitForm'

interface Props {
  /** `department:ID`, `branch:ID`, or nothing for everybody. */
  chosen: string
  onChoose: (key: string | undefined) => void
}

/** Branches and departments with their people counted; the place to change them too. */
export function OrgPanel({ chosen, onChoose }: Props) {
  const { t } = useTranslation()
  const { org, loading, error, retry } = useOrg()
  const [search, setSearch] = useState('')
  const { rows, expand } = useTreeRows(org, search)
  const [form, setForm] = useState<UnitFormFor | null>(null)
  const [deleting, setDeleting] = useState<Unit | null>(null)

  const menu = (unit: Unit, tabIndex: number) => (
    <Dropdown
      trigger={['click']}
      menu={{
        items: [
          { key: 'department', label: t('org.addDepartment'), onClick: () => setForm({ kind: 'add', unit: 'department', parent: unit }) },
          ...(unit.kind === 'branch' ? [{ key: 'branch', label: t('org.addBranch'), onClick: () => setForm({ kind: 'add', unit: 'branch' as const, parent: unit }) }] : []),
          { key: 'edit', label: t('org.edit'), onClick: () => setForm({ kind: 'change', unit: unit.kind, changed: unit }) },
          { type: 'divider' as const },
          { key: 'delete', danger: true, label: t('action.delete'), onClick: () => setDeleting(unit) },
        ],
      }}
    >
      <Button className="org-more" type="text" size="small" tabIndex={tabIndex} icon={<MoreOutlined />} aria-label={t('action.more', { name: unit.name })} aria-haspopup="menu" />
    </Dropdown>
  )

  return (
    <aside className="org-panel" aria-label={t('org.title')}>
      <div className="org-head">
        <h2>{t('org.title')}</h2>
        <Dropdown
          trigger={['click']}
          menu={{
            items: [
              { key: 'branch', label: t('org.addBranch'), onClick: () => setForm({ kind: 'add', unit: 'branch', parent: undefined }) },
              { key: 'department', label: t('org.addDepartment'), onClick: () => setForm({ kind: 'add', unit: 'department', parent: undefined }) },
            ],
          }}
        >
          <Button size="small" icon={<PlusOutlined />} aria-label={t('org.add')} aria-haspopup="menu" />
        </Dropdown>
      </div>
      {org.byKey.size > 12 && <Input.Search allowClear size="small" aria-label={t('org.search')} placeholder={t('org.search')} value={search} onChange={(event) => setSearch(event.target.value)} />}
      <button type="button" className="org-all" aria-pressed={chosen === ''} onClick={() => onChoose(undefined)}>{t('org.everybody')}</button>
      {error && <Failure title={t('kit.loadFailed')} error={error} onRetry={retry} />}
      {loading && <Loading />}
      {!loading && !error && org.byKey.size === 0 && <p className="muted org-empty">{t('org.empty')}</p>}
      {rows.length > 0 && <OrgTree label={t('org.title')} rows={rows} selected={({ key }) => key === chosen} onActivate={({ key }) => onChoose(key === chosen ? undefined : key)} onExpand={expand} actions={menu} />}
      {form && <UnitForm what={form} org={org} onClose={() => setForm(null)} />}
      {deleting && <DeleteUnit unit={deleting} onDeleted={() => deleting.key === chosen && onChoose(undefined)} onClose={() => setDeleting(null)} />}
    </aside>
  )
}
