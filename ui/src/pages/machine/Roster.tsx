import { PlusOutlined } from '@ant-design/icons'
import { Alert, Button, Input, Modal, Select, Switch } from 'antd'
import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { asProblem, type ApiProblem } from '../../api/problem'
import { useChangeEntry, useRemoveEntry, useRoster } from '../../api/queries'
import type { Machine, Role, RosterEntry } from '../../api/types'
import { type Column, DataTable, Empty, EnterSends, explain, explainError, Field, focusFirst, named, useFilters, useNotice } from '../../kit'
import { AddPeople } from './AddPeople'
import { ROLES } from './roles'

const TONE = { noNumber: 'warn', waiting: '', sent: '', synced: 'good', failed: 'bad', removing: '' } as const
const byText = (pick: (entry: RosterEntry) => string) => (a: RosterEntry, b: RosterEntry) => pick(a).localeCompare(pick(b), undefined, { numeric: true })

/** The people of one machine. */
export function Roster({ machine }: { machine: Machine }) {
  const { t } = useTranslation()
  const { get, set } = useFilters()
  const notice = useNotice()
  const list = useRoster(machine.sn)
  const change = useChangeEntry()
  const [adding, setAdding] = useState(false)
  const [editing, setEditing] = useState<RosterEntry | null>(null)
  const [removing, setRemoving] = useState<readonly RosterEntry[] | null>(null)

  const { sn } = machine
  const enable = async (entries: readonly RosterEntry[], enabled: boolean) => {
    try {
      for (const { employeeId } of entries) await change.mutateAsync({ sn, employeeId, enabled })
      notice.done(t('roster.saved'))
    } catch (error) {
      notice.failed(t('roster.saveFailed'), error)
    }
  }

  const columns = useMemo<Column<RosterEntry>[]>(
    () => [
      { key: 'name', title: t('roster.colName'), width: 'minmax(140px, 1.2fr)', always: true, compare: byText((entry) => entry.name), render: (entry) => <span>{entry.name}</span> },
      { key: 'id', title: t('roster.colId'), width: 'minmax(120px, 1fr)', optional: true, compare: byText((entry) => entry.employeeId), render: (entry) => <span className="mono">{entry.employeeId}</span> },
      {
        key: 'pin',
        title: t('roster.colPin'),
        width: 'minmax(190px, 1fr)',
        always: true,
        compare: byText((entry) => entry.pin ?? ''),
        render: (entry) => (entry.pin === null ? <span className="muted">{t('roster.noPin')}</span> : <span>{entry.pin}</span>),
      },
      { key: 'role', title: t('roster.colRole'), width: '120px', compare: byText((entry) => entry.role), render: (entry) => <span>{t(`role.${entry.role}`)}</span> },
      { key: 'enabled', title: t('roster.colEnabled'), width: '100px', render: (entry) => <span>{entry.enabled ? t('roster.on') : <span className="tag tag-warn">{t('roster.off')}</span>}</span> },
      {
        key: 'state',
        title: t('roster.colState'),
        width: 'minmax(200px, 2fr)',
        compare: byText((entry) => entry.state),
        render: (entry) => {
          const why = entry.failure ?? entry.pinProblem
          return (
            <span title={why ? explain(why) : undefined}>
              <span className={`tag tag-${TONE[entry.state]}`}>{t(`rosterState.${entry.state}`)}</span>{' '}
              <span className="muted">{why ? explain(why) : ''}</span>
            </span>
          )
        },
      },
      {
        key: 'actions',
        title: t('machines.colActions'),
        width: '90px',
        quiet: true,
        always: true,
        render: (entry) => (
          <Button type="link" size="small" aria-label={`${t('action.edit')}: ${entry.name}`} onClick={() => setEditing(entry)}>
            {t('action.edit')}
          </Button>
        ),
      },
    ],
    [t],
  )

  const search = get('search')
  // The search is over what is here, so all of the list has to be.
  const { more } = list
  useEffect(() => {
    if (search !== '') more?.()
  }, [search, more])
  const rows = useMemo(() => {
    const wanted = search.trim().toLowerCase()
    return wanted === '' ? list.rows : list.rows.filter((entry) => [entry.name, entry.pin, entry.employeeId].some((text) => text?.toLowerCase().includes(wanted)))
  }, [list.rows, search])

  const addButton = (
    <Button type="primary" icon={<PlusOutlined aria-hidden="true" />} onClick={() => setAdding(true)}>
      {t('roster.add')}
    </Button>
  )

  return (
    <div className="tab-body">
      <DataTable
        id="roster"
        label={t('machine.tabPeople')}
        columns={columns}
        list={{ ...list, rows, ...(search === '' ? {} : { total: rows.length }) }}
        rowKey={(entry) => entry.employeeId}
        rowName={(entry) => entry.name}
        filtered={search !== ''}
        onClearFilters={() => set({ search: undefined })}
        filters={
          <>
            <Input.Search allowClear aria-label={t('roster.search')} placeholder={t('roster.search')} style={{ width: 260 }} value={search} onChange={(event) => set({ search: event.target.value })} />
            {addButton}
          </>
        }
        batch={(selected, clear) => (
          <>
            <Button onClick={() => void enable(selected, true).then(clear)}>{t('roster.enable')}</Button>
            <Button onClick={() => void enable(selected, false).then(clear)}>{t('roster.disable')}</Button>
            <Button danger onClick={() => setRemoving(selected)}>{t('action.remove')}</Button>
          </>
        )}
        empty={<Empty title={t('roster.empty')} hint={t('roster.emptyHint')} action={addButton} />}
      />
      {adding && <AddPeople machine={machine} onList={list.rows} onClose={() => setAdding(false)} />}
      {editing && <EditEntry machine={machine} entry={editing} onClose={() => setEditing(null)} onRemove={() => { setRemoving([editing]); setEditing(null) }} />}
      {removing && <RemoveEntries machine={machine} entries={removing} onClose={() => setRemoving(null)} />}
    </div>
  )
}

function EditEntry({ machine, entry, onClose, onRemove }: { machine: Machine; entry: RosterEntry; onClose: () => void; onRemove: () => void }) {
  const { t } = useTranslation()
  const notice = useNotice()
  const change = useChangeEntry()
  const [pin, setPin] = useState(entry.pin ?? '')
  const [role, setRole] = useState<Role>(entry.role)
  const [enabled, setEnabled] = useState(entry.enabled)
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const aboutPin = problem?.code.startsWith('pin.') === true || problem?.field('pin') !== undefined

  const save = async () => {
    setProblem(null)
    try {
      await change.mutateAsync({
        sn: machine.sn,
        employeeId: entry.employeeId,
        ...(pin.trim() === (entry.pin ?? '') ? {} : { pin: pin.trim() === '' ? null : pin.trim() }),
        ...(role === entry.role ? {} : { role }),
        ...(enabled === entry.enabled ? {} : { enabled }),
      })
      notice.done(t('roster.saved'))
      onClose()
    } catch (error) {
      setProblem(asProblem(error))
    }
  }

  return (
    <Modal
      open
      afterOpenChange={focusFirst}
      title={t('roster.editTitle', { name: entry.name })}
      onCancel={onClose}
      footer={
        <div className="form-foot" style={{ justifyContent: 'space-between' }}>
          <Button danger onClick={onRemove}>{t('action.remove')}</Button>
          <span className="form-foot">
            <Button onClick={onClose}>{t('action.cancel')}</Button>
            <Button type="primary" loading={change.isPending} onClick={() => void save()}>{t('action.save')}</Button>
          </span>
        </div>
      }
    >
      <form className="form" onSubmit={(event) => { event.preventDefault(); void save() }}>
        {problem && !aboutPin && <Alert type="error" showIcon role="alert" title={t('roster.saveFailed')} description={explainError(problem)} />}
        <Field label={t('roster.colPin')} hint={t('roster.pinHint')} error={problem && aboutPin ? explain(problem.field('pin') ?? problem) : undefined}>
          {(given) => <Input {...given} inputMode="numeric" autoComplete="off" value={pin} onChange={(event) => setPin(event.target.value)} />}
        </Field>
        <Field label={t('roster.colRole')}>
          {({ id }) => <Select<Role> id={id} popupRender={named(t('roster.colRole'))} value={role} onChange={setRole} options={ROLES.map((value) => ({ value, label: t(`role.${value}`) }))} />}
        </Field>
        <Field label={t('roster.colEnabled')}>
          {({ id }) => <span><Switch id={id} checked={enabled} onChange={setEnabled} /></span>}
        </Field>
        <EnterSends />
      </form>
    </Modal>
  )
}

function RemoveEntries({ machine, entries, onClose }: { machine: Machine; entries: readonly RosterEntry[]; onClose: () => void }) {
  const { t } = useTranslation()
  const notice = useNotice()
  const remove = useRemoveEntry()
  const [error, setError] = useState<unknown>(null)
  const run = async () => {
    try {
      for (const { employeeId } of entries) await remove.mutateAsync({ sn: machine.sn, employeeId })
      notice.done(t('roster.removed', { count: entries.length }))
      onClose()
    } catch (failure) {
      setError(failure)
    }
  }
  return (
    <Modal
      open
      afterOpenChange={focusFirst}
      title={t('roster.removeTitle', { count: entries.length })}
      onCancel={onClose}
      onOk={() => void run()}
      okText={t('action.remove')}
      cancelText={t('action.cancel')}
      okButtonProps={{ danger: true, loading: remove.isPending }}
    >
      <p>{entries.slice(0, 12).map((entry) => entry.name).join('、')}{entries.length > 12 ? ' …' : ''}</p>
      <p className="muted">{t('roster.removeHint')}</p>
      {error !== null && <Alert type="error" showIcon role="alert" title={t('roster.removeFailed')} description={explainError(error)} />}
    </Modal>
  )
}
