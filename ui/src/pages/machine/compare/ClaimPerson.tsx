import { Input, Radio, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { usePeopleFound } from '../../../api/people'
import { ApiProblem } from '../../../api/problem'
import { useResolve } from '../../../api/rosterQueries'
import type { Comparison, Machine } from '../../../api/types'
import { Dialog, Failure, Field, named, useNotice, useSubmit } from '../../../kit'

/** Whose is a number that somebody enrolled at the machine? Their punches follow by themselves. */
export function ClaimPerson({ machine, row, onClose }: { machine: Machine; row: Comparison; onClose: () => void }) {
  const { t } = useTranslation()
  const notice = useNotice()
  const resolve = useResolve(machine.sn)
  const [kind, setKind] = useState<'existing' | 'new'>('existing')
  const [search, setSearch] = useState('')
  const [person, setPerson] = useState<{ id: string; name: string } | undefined>()
  const [newName, setNewName] = useState(row.there?.name ?? '')
  const people = usePeopleFound(search)
  const ready = kind === 'existing' ? person !== undefined : newName.trim() !== ''

  const { submit, busy, problem } = useSubmit(async () => {
    const answer = await resolve.mutateAsync([
      { pin: row.pin, action: 'claim', ...(kind === 'existing' ? { employeeId: person?.id ?? '' } : { newName: newName.trim() }) },
    ])
    const refusal = answer.rejected[0]
    if (refusal) throw new ApiProblem(422, refusal.code, refusal.detail)
    notice.done(t('punches.claimed', { pin: row.pin, name: kind === 'existing' ? (person?.name ?? '') : newName.trim() }))
    onClose()
  })

  return (
    <Dialog title={t('punches.claimTitle', { pin: row.pin, name: machine.name })} action={t('punches.claimSubmit', { pin: row.pin })} ready={ready} busy={busy} onSend={submit} onClose={onClose}>
      <div className="form">
        <p className="muted">{t('compare.claimHint')}</p>
        <Radio.Group
          aria-label={t('compare.action.claim')}
          value={kind}
          onChange={(event) => setKind(event.target.value as typeof kind)}
          options={[{ value: 'existing', label: t('compare.claimExisting') }, { value: 'new', label: t('compare.claimNew') }]}
        />
        {kind === 'existing' ? (
          <Field label={t('punches.person')} hint={t('picker.personHint')}>
            {({ id }) => (
              <Select
                id={id}
                popupRender={named(t('punches.person'))}
                showSearch={{ filterOption: false, onSearch: setSearch }}
                {...(person ? { value: person.id } : {})}
                onChange={(value: string) => setPerson(people.rows.find((each) => each.id === value))}
                options={people.rows.map(({ id: value, name, departmentName, fields }) => ({ value, label: [name, departmentName, fields['employeeNumber']].filter(Boolean).join(' · ') }))}
              />
            )}
          </Field>
        ) : (
          <Field label={t('people.name')}>
            {(given) => <Input {...given} autoComplete="off" value={newName} onChange={(event) => setNewName(event.target.value)} />}
          </Field>
        )}
        {problem && <Failure title={t('punches.claimFailed')} error={problem} />}
      </div>
    </Dialog>
  )
}
