import { Button, Input, Select } from 'antd'
import { useDeferredValue, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { everybody, usePeople } from '../../api/people'
import type { Employee } from '../../api/types'
import { number } from '../format'
import { named } from '../named'
import { Failure, Loading } from '../small'
import { useNotice } from '../useNotice'
import { type ChooserProps, personTarget } from './chooser'
import { Paste } from './Paste'
import { SideButtons } from './SideButtons'
import { type Side, sideOf } from './selection'
import { pathText, type Org } from './tree'

/** People by name, pinyin, initials or number, or all of a department, or a list of numbers. */
export function PeopleChooser({ org, ...chooser }: ChooserProps & { org: Org }) {
  const { t } = useTranslation()
  const notice = useNotice()
  const { selection, sides, onToggle, onPut, refusal } = chooser
  const [search, setSearch] = useState('')
  const [within, setWithin] = useState('')
  const [pasting, setPasting] = useState(false)
  const [gathering, setGathering] = useState(false)
  const [kind, id] = [within.split(':')[0], within.slice(within.indexOf(':') + 1)]
  const filter = {
    status: 'active' as const,
    ...(search.trim() === '' ? {} : { search: search.trim() }),
    ...(kind === 'department' ? { departmentId: id } : kind === 'branch' ? { branchId: id } : {}),
  }
  const people = usePeople(useDeferredValue(filter))

  const chooseAll = async () => {
    setGathering(true)
    try {
      const all = (await everybody(filter)).filter((person) => refusal?.(person) === undefined)
      onPut('include', all.map(personTarget), all)
    } catch (error) {
      notice.failed(t('kit.loadFailed'), error)
    } finally {
      setGathering(false)
    }
  }

  if (pasting) return <Paste chooser={chooser} onDone={() => setPasting(false)} />
  return (
    <>
      <Input.Search allowClear aria-label={t('picker.searchPeople')} placeholder={t('picker.searchPeople')} value={search} onChange={(event) => setSearch(event.target.value)} />
      <Select
        aria-label={t('picker.within')}
        popupRender={named(t('picker.within'))}
        value={within}
        onChange={setWithin}
        showSearch={{ optionFilterProp: 'label' }}
        options={[{ value: '', label: t('picker.everywhere') }, ...[...org.byKey.values()].map((unit) => ({ value: unit.key, label: pathText(unit) }))]}
      />
      <div className="picker-tools">
        <Button size="small" onClick={() => setPasting(true)}>{t('picker.paste')}</Button>
        {!sides && people.total > 0 && (
          <Button size="small" loading={gathering} onClick={() => void chooseAll()}>{t('picker.chooseAll', { count: people.total })}</Button>
        )}
      </div>
      {people.error !== null && people.error !== undefined && <Failure title={t('kit.loadFailed')} error={people.error} onRetry={people.retry} />}
      <ul className="picker-list" aria-label={t('picker.people')}>
        {people.loading && <li><Loading /></li>}
        {!people.loading && people.rows.length === 0 && <li className="loading muted">{t('picker.nobodyFound')}</li>}
        {people.rows.map((person) => (
          <PersonRow key={person.id} person={person} why={refusal?.(person)} side={sideOf(selection, personTarget(person))} sides={sides} onToggle={onToggle} />
        ))}
        {people.more && (
          <li className="picker-more">
            <Button type="link" onClick={people.more}>{t('picker.more', { count: people.total - people.rows.length, shown: number(people.rows.length) })}</Button>
          </li>
        )}
      </ul>
    </>
  )
}

interface RowProps {
  person: Employee
  why: string | undefined
  side: Side | undefined
  sides: boolean
  onToggle: ChooserProps['onToggle']
}

function PersonRow({ person, why, side, sides, onToggle }: RowProps) {
  const words = (
    <>
      <span>{person.name}</span>
      <span className="muted">{why ?? [person.fields['employeeNumber'], person.departmentName].filter(Boolean).join(' · ')}</span>
    </>
  )
  if (sides) {
    return (
      <li className="picker-row">
        <span className="picker-words">{words}</span>
        <SideButtons name={person.name} side={side} onToggle={(next) => onToggle(next, personTarget(person), person)} />
      </li>
    )
  }
  return (
    <li>
      <button type="button" disabled={why !== undefined} aria-pressed={side === 'include'} onClick={() => onToggle('include', personTarget(person), person)}>
        {words}
      </button>
    </li>
  )
}
