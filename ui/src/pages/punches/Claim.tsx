import { Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { usePeopleFound } from '../../api/people'
import { ApiProblem } from '../../api/problem'
import { useAddToRoster, useChangeEntry } from '../../api/queries'
import type { Punch } from '../../api/types'
import { Dialog, Failure, Field, named, useNotice, useSubmit } from '../../kit'

/** Gives an unmatched number to a person; the number's punches follow by themselves. */
export function Claim({ punch, machineName, onClose }: { punch: Punch; machineName: string; onClose: () => void }) {
  const { t } = useTranslation()
  const notice = useNotice()
  const add = useAddToRoster()
  const change = useChangeEntry()
  const [search, setSearch] = useState('')
  const [person, setPerson] = useState<{ value: string; label: string } | undefined>()
  const people = usePeopleFound(search)

  const { submit, busy, problem } = useSubmit(async () => {
    if (!person) return
    const answer = await add.mutateAsync({ sn: punch.sn, entries: [{ employeeId: person.value, pin: punch.pin }] })
    const refusal = answer.rejected[0]
    // Already on the list, but under no or another number: that entry gets this one.
    if (refusal?.code === 'roster.exists') await change.mutateAsync({ sn: punch.sn, employeeId: person.value, pin: punch.pin })
    else if (refusal) throw new ApiProblem(422, refusal.code, refusal.detail)
    notice.done(t('punches.claimed', { pin: punch.pin, name: person.label }))
    onClose()
  })

  return (
    <Dialog title={t('punches.claimTitle', { pin: punch.pin, name: machineName })} action={t('punches.claimSubmit', { pin: punch.pin })} ready={person !== undefined} busy={busy} onSend={submit} onClose={onClose}>
      <Field label={t('punches.person')} hint={t('punches.claimPersonHint')}>
        {({ id }) => (
          <Select
            id={id}
            labelInValue
            popupRender={named(t('punches.person'))}
            showSearch={{ filterOption: false, onSearch: setSearch }}
            {...(person ? { value: person } : {})}
            onChange={(chosen: { value: string; label: string }) => setPerson({ value: chosen.value, label: chosen.label })}
            options={people.rows.map(({ id: value, name: label }) => ({ value, label }))}
          />
        )}
      </Field>
      {problem && <Failure title={t('punches.claimFailed')} error={problem} />}
    </Dialog>
  )
}
