import { CloseOutlined } from '@ant-design/icons'
import { Alert, Button, Input, Modal, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useAddEmployee, useAddToRoster, useEmployees } from '../../api/queries'
import type { Machine, Role, RosterEntry } from '../../api/types'
import { explain, explainError, focusFirst, named, useNotice } from '../../kit'
import { ROLES } from './roles'

interface Picked {
  id: string
  name: string
  pin: string
  role: Role
  why?: string
}

/** People left, numbers right: chosen once, given their number, added together. What is refused stays with its reason. */
export function AddPeople({ machine, onList, onClose }: { machine: Machine; onList: readonly RosterEntry[]; onClose: () => void }) {
  const { t } = useTranslation()
  const notice = useNotice()
  const [search, setSearch] = useState('')
  const [picked, setPicked] = useState<readonly Picked[]>([])
  const [error, setError] = useState<{ title: string; error: unknown } | null>(null)
  const people = useEmployees(search.trim(), 'active')
  const add = useAddToRoster()
  const create = useAddEmployee()
  const there = new Set(onList.map((entry) => entry.employeeId))

  const pick = (person: { id: string; name: string; fields?: Record<string, string> }) =>
    setPicked((before) => {
      if (before.some(({ id }) => id === person.id)) return before.filter(({ id }) => id !== person.id)
      const known = person.fields?.['employeeNumber'] ?? ''
      return [...before, { id: person.id, name: person.name, pin: /^\d{1,9}$/.test(known) ? known : '', role: 'user' }]
    })
  const edit = (id: string, changes: Partial<Picked>) =>
    setPicked((before) => before.map((person) => (person.id === id ? { ...person, ...changes } : person)))

  const createPerson = async () => {
    setError(null)
    try {
      pick(await create.mutateAsync({ name: search.trim() }))
      setSearch('')
    } catch (failure) {
      setError({ title: t('roster.createFailed'), error: failure })
    }
  }

  const submit = async () => {
    if (picked.length === 0) return
    setError(null)
    try {
      const entries = picked.map(({ id, pin, role }) => ({ employeeId: id, role, ...(pin.trim() === '' ? {} : { pin: pin.trim() }) }))
      const answer = await add.mutateAsync({ sn: machine.sn, entries })
      if (answer.added.length > 0) notice.done(t('roster.added', { count: answer.added.length }))
      if (answer.rejected.length === 0) {
        onClose()
        return
      }
      const reasons = new Map(answer.rejected.map((rejected) => [rejected.employeeId, explain(rejected)]))
      setPicked(picked.flatMap((person) => (reasons.has(person.id) ? [{ ...person, why: reasons.get(person.id) ?? '' }] : [])))
    } catch (failure) {
      setError({ title: t('roster.addFailed'), error: failure })
    }
  }

  const refused = picked.filter(({ why }) => why !== undefined).length
  return (
    <Modal
      open
      afterOpenChange={focusFirst}
      width={860}
      title={t('roster.addTitle', { name: machine.name })}
      onCancel={onClose}
      onOk={() => void submit()}
      okText={t('roster.submit', { count: picked.length })}
      cancelText={t('action.cancel')}
      okButtonProps={{ disabled: picked.length === 0, loading: add.isPending }}
    >
      {error && <Alert type="error" showIcon role="alert" title={error.title} description={explainError(error.error)} />}
      <div className="picker">
        <div>
          <Input.Search allowClear aria-label={t('roster.search')} placeholder={t('roster.search')} value={search} onChange={(event) => setSearch(event.target.value)} />
          <ul className="picker-list" aria-label={t('nav.people')}>
            {search.trim() !== '' && !people.rows.some(({ name }) => name === search.trim()) && (
              <li>
                <button type="button" onClick={() => void createPerson()}>
                  {t('roster.createPerson', { name: search.trim() })}
                </button>
              </li>
            )}
            {people.rows.map((person) => (
              <li key={person.id}>
                <button type="button" disabled={there.has(person.id)} aria-pressed={picked.some(({ id }) => id === person.id)} onClick={() => pick(person)}>
                  <span>{person.name}</span>
                  <span className="muted">{there.has(person.id) ? t('roster.alreadyOn') : (person.fields['employeeNumber'] ?? '')}</span>
                </button>
              </li>
            ))}
            {!people.loading && people.rows.length === 0 && search.trim() === '' && <li className="loading muted">{t('people.empty')}</li>}
          </ul>
        </div>
        <div>
          <p aria-live="polite"><strong>{t('roster.picked', { count: picked.length })}</strong> <span className="muted">{picked.length === 0 ? t('roster.nobodyPicked') : t('roster.pinHint')}</span></p>
          {refused > 0 && <Alert type="error" showIcon role="alert" title={t('roster.rejected', { count: refused })} />}
          <ul className="picked-list">
            {picked.map((person) => (
              <li key={person.id}>
                <strong>{person.name}</strong>
                <Input
                  aria-label={t('roster.pinFor', { name: person.name })}
                  placeholder={t('roster.colPin')}
                  inputMode="numeric"
                  autoComplete="off"
                  status={person.why === undefined ? '' : 'error'}
                  value={person.pin}
                  onChange={(event) => edit(person.id, { pin: event.target.value })}
                  onPressEnter={() => void submit()}
                />
                <Select<Role>
                  aria-label={t('roster.roleFor', { name: person.name })} popupRender={named(t('roster.roleFor', { name: person.name }))}
                  value={person.role}
                  onChange={(role) => edit(person.id, { role })}
                  options={ROLES.map((value) => ({ value, label: t(`role.${value}`) }))}
                />
                <Button type="text" icon={<CloseOutlined />} aria-label={t('roster.unpick', { name: person.name })} onClick={() => pick(person)} />
                {person.why !== undefined && <p className="field-error">{person.why}</p>}
              </li>
            ))}
          </ul>
        </div>
      </div>
    </Modal>
  )
}
