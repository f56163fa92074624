import { Input } from 'antd'
import { useDeferredValue, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRoster, type RosterFilter } from '../../../api/rosterQueries'
import type { Machine, RosterEntry } from '../../../api/types'
import { DataTable, Empty, FilterSelect, type Refusal, Refusals, useFilters } from '../../../kit'
import { MappingDialog } from '../mapping/MappingDialog'
import { AddButton } from './RosterActions'
import { RosterBatchBar } from './RosterBatchBar'
import { EditEntry } from './EditEntry'
import { RemoveEntries } from './RemoveEntries'
import { RosterNotices } from './RosterNotices'
import { ROLES } from './roles'
import { STATES } from './states'
import { SyncProgress } from './SyncProgress'
import { useRosterColumns } from './useRosterColumns'

const CLEARED = { search: undefined, state: undefined, role: undefined, enabled: undefined }

/** The people of one machine: who should be on it, under which number, and how far the machine has it. */
export function Roster({ machine }: { machine: Machine }) {
  const { t } = useTranslation()
  const { get, set } = useFilters()
  const filter = useMemo(() => filterOf(get), [get])
  const list = useRoster(machine.sn, useDeferredValue(filter))
  const [editing, setEditing] = useState<RosterEntry | null>(null)
  const [removing, setRemoving] = useState<readonly RosterEntry[] | null>(null)
  const [mapping, setMapping] = useState(false)
  const [refused, setRefused] = useState<readonly Refusal[]>([])
  const columns = useRosterColumns(machine, { onEdit: setEditing, onMapping: () => setMapping(true), onRefused: setRefused })
  const filtered = Object.keys(filter).length > 0

  return (
    <>
      <RosterNotices machine={machine} onMapping={() => setMapping(true)} onRefused={setRefused} />
      <SyncProgress machine={machine} />
      <Refusals title={t('roster.notChanged', { count: refused.length })} refused={refused} most={30} onClose={() => setRefused([])} />
      <DataTable
        id="roster"
        label={t('machine.tabPeople')}
        columns={columns}
        list={list}
        rowKey={(entry) => entry.employeeId}
        rowName={(entry) => entry.name}
        filtered={filtered}
        onClearFilters={() => set(CLEARED)}
        filters={
          <>
            <Input.Search allowClear aria-label={t('roster.search')} placeholder={t('roster.search')} style={{ width: 220 }} value={get('search')} onChange={(event) => set({ search: event.target.value })} />
            <FilterSelect label={t('roster.colState')} any={t('roster.anyState')} options={STATES.map((value) => ({ value, label: t(`rosterState.${value}`) }))} value={get('state')} width={122} onChange={(value) => set({ state: value })} />
            <FilterSelect label={t('roster.colRole')} any={t('roster.anyRole')} options={ROLES.map((value) => ({ value, label: t(`role.${value}`) }))} value={get('role')} width={122} onChange={(value) => set({ role: value })} />
            <FilterSelect label={t('roster.colEnabled')} any={t('roster.anyEnabled')} options={[{ value: 'true', label: t('roster.on') }, { value: 'false', label: t('roster.off') }]} value={get('enabled')} width={122} onChange={(value) => set({ enabled: value })} />
          </>
        }
        batch={(selected, clear) => <RosterBatchBar machine={machine} selected={selected} clear={clear} onRemove={setRemoving} onRefused={setRefused} />}
        empty={<Empty title={t('roster.empty')} hint={t('roster.emptyHint')} action={<AddButton machine={machine} />} />}
      />
      {editing && <EditEntry machine={machine} entry={editing} onClose={() => setEditing(null)} onRemove={() => { setRemoving([editing]); setEditing(null) }} />}
      {removing && <RemoveEntries machine={machine} entries={removing} onRefused={setRefused} onClose={() => setRemoving(null)} />}
      {mapping && <MappingDialog machine={machine} onClose={() => setMapping(false)} />}
    </>
  )
}

function filterOf(get: (name: string) => string): RosterFilter {
  const search = get('search').trim()
  const state = STATES.find((value) => value === get('state'))
  const role = ROLES.find((value) => value === get('role'))
  const enabled = get('enabled')
  return {
    ...(search === '' ? {} : { search }),
    ...(state === undefined ? {} : { state }),
    ...(role === undefined ? {} : { role }),
    ...(enabled === '' ? {} : { enabled: enabled === 'true' }),
  }
}
