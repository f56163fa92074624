import { Button, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { everybody } from '../../../api/people'
import { useAddToRoster } from '../../../api/queries'
import { useOnList } from '../../../api/rosterQueries'
import { useMapping } from '../../../api/rules'
import type { Employee, Machine } from '../../../api/types'
import { explain, Failure, focusFirst, useNotice } from '../../../kit'
import { NOBODY, OrgTabs, put, type Selection, type Target } from '../../../kit/org'
import { chunks, entryOf, picked as pickedOf, withMore, type Picked } from './picked'
import { PickedList } from './PickedList'

/** So many entries in one call. */
const PORTION = 500

/** Chosen left, numbers right: people, whole departments or branches. What is refused stays with its reason. */
export function AddPeople({ machine, onClose }: { machine: Machine; onClose: () => void }) {
  const { t } = useTranslation()
  const notice = useNotice()
  const there = useOnList(machine.sn)
  const mapping = useMapping(machine.sn)
  const add = useAddToRoster()
  const [picked, setPicked] = useState<readonly Picked[]>([])
  const [units, setUnits] = useState<readonly Target[]>([])
  const [below, setBelow] = useState(true)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<{ title: string; error: unknown } | null>(null)
  const mapped = mapping.data?.enabled === true

  const selection: Selection = put(NOBODY, 'include', [...units, ...picked.map(({ id, name }) => ({ kind: 'employee' as const, id, name }))])
  const more = (people: readonly Employee[], from?: string) =>
    setPicked((before) => withMore(before, people.filter(({ id }) => !there.has(id)).map((person) => pickedOf(person, mapped, from))))
  const unpick = (id: string) => setPicked((before) => before.filter((person) => person.id !== id))

  const toggle = async (target: Target, person?: Employee) => {
    if (target.kind === 'employee') {
      if (picked.some(({ id }) => id === target.id)) unpick(target.id)
      else if (person) more([person])
      return
    }
    const key = `${target.kind}:${target.id}`
    if (units.some(({ kind, id }) => `${kind}:${id}` === key)) {
      setUnits((before) => before.filter(({ kind, id }) => `${kind}:${id}` !== key))
      setPicked((before) => before.filter(({ from }) => from !== key))
      return
    }
    setError(null)
    try {
      const all = await everybody({ status: 'active', ...(target.kind === 'department' ? { departmentId: target.id } : { branchId: target.id }) })
      const own = below ? all : all.filter(({ departmentId, branchId }) => (target.kind === 'department' ? departmentId === target.id : branchId === target.id))
      setUnits((before) => [...before, target])
      more(own, key)
    } catch (failure) {
      setError({ title: t('kit.loadFailed'), error: failure })
    }
  }

  const submit = async () => {
    if (picked.length === 0) return
    setError(null)
    setBusy(true)
    let added = 0
    const reasons = new Map<string, string>()
    try {
      for (const portion of chunks(picked, PORTION)) {
        const answer = await add.mutateAsync({ sn: machine.sn, entries: portion.map(entryOf) })
        added += answer.added.length
        for (const rejected of answer.rejected) reasons.set(rejected.employeeId, explain(rejected))
      }
      if (reasons.size === 0) onClose()
      else setPicked(picked.flatMap((person) => (reasons.has(person.id) ? [{ ...person, why: reasons.get(person.id) ?? '' }] : [])))
    } catch (failure) {
      setError({ title: t('roster.addFailed'), error: failure })
    } finally {
      setBusy(false)
      if (added > 0) notice.done(t('roster.added', { count: added }))
    }
  }

  return (
    <Modal
      open
      afterOpenChange={focusFirst}
      width={1080} style={{ top: 24 }}
      title={t('roster.addTitle', { name: machine.name })}
      onCancel={onClose}
      onOk={() => void submit()}
      okText={t('roster.submit', { count: picked.length })}
      cancelText={t('action.cancel')}
      okButtonProps={{ disabled: picked.length === 0, loading: busy }}
    >
      {error && <Failure title={error.title} error={error.error} />}
      <div className="org-picker">
        <div className="picker-side">
          <OrgTabs
            selection={selection}
            sides={false}
            below={{ value: below, onChange: setBelow }}
            refusal={(person) => (there.has(person.id) ? t('roster.alreadyOn') : undefined)}
            onToggle={(_, target, person) => void toggle(target, person)}
            onPut={(_, __, people) => more(people ?? [])}
          />
        </div>
        <div className="picker-chosen">
          <p aria-live="polite">
            <strong>{t('roster.picked', { count: picked.length })}</strong>{' '}
            <span className="muted">{picked.length === 0 ? t('roster.nobodyPicked') : t(mapped ? 'mapping.fillsThem' : 'roster.pinHint')}</span>{' '}
            {picked.length > 1 && <Button type="link" size="small" onClick={() => { setPicked([]); setUnits([]) }}>{t('roster.unpickAll')}</Button>}
          </p>
          <PickedList
            picked={picked}
            mapped={mapped}
            onEdit={(id, changes) => setPicked((before) => before.map((person) => (person.id === id ? { ...person, ...changes } : person)))}
            onUnpick={unpick}
            onSubmit={() => void submit()}
          />
        </div>
      </div>
    </Modal>
  )
}
