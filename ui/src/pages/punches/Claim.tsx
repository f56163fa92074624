import { Modal, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { usePeopleFound } from '../../api/people'
import { ApiProblem } from '../../api/problem'
import { useAddToRoster, useChangeEntry } from '../../api/queries'
import type { Punch } from '../../api/types'
import { Failure, Field, focusFirst, named, useNotice } from '../../kit'

/** Gives an unmatched number to a person; the number's punches follow by themselves. */
export function Claim({ punch, machineName, onClose }: { punch: Punch; machineName: string; onClose: () => void }) {
  const { t } = useTranslation()
  const notice = useNotice()
  const add = useAddToRoster()
  const change = useChangeEntry()
  const [search, setSearch] = useState('')
  const [person, setPerson] = useState<{ value: string; label: string } | undefined>()
  const [error, setError] = useState<unknown>(null)
  const people = usePeopleFound(search)

  const submit = async () => {
    if (!person) return
    setError(null)
    try {
      const answer = await add.mutateAsync({ sn: punch.sn, entries: [{ employeeId: person.value, pin: punch.pin }] })
      const refusal = answer.rejected[0]
      // Already on the list, but under no or another number: that entry gets this one.
      if (refusal?.code === 'roster.exists') await change.mutateAsync({ sn: punch.sn, employeeId: person.value, pin: punch.pin })
      else if (refusal) throw new ApiProblem(422, refusal.code, refusal.detail)
      notice.done(t('punches.claimed', { pin: punch.pin, name: person.label }))
      onClose()
    } catch (failure) {
      setError(failure)
    }
  }

  return (
    <Modal
      open
      afterOpenChange={focusFirst}
      title={t('punches.claimTitle', { pin: punch.pin, name: machineName })}
      onCancel={onClose}
      onOk={() => void submit()}
      okText={t('punches.claimSubmit', { pin: punch.pin })}
      cancelText={t('action.cancel')}
      okButtonProps={{ disabled: !person, loading: add.isPending || change.isPending }}
    >
      <Field label={t('punches.claimPerson')} hint={t('punches.claimPersonHint')}>
        {({ id }) => (
          <Select
            id={id}
            labelInValue
            popupRender={named(t('punches.claimPerson'))}
            showSearch={{ filterOption: false, onSearch: setSearch }}
            {...(person ? { value: person } : {})}
            onChange={(chosen: { value: string; label: string }) => setPerson({ value: chosen.value, label: chosen.label })}
            options={people.rows.map(({ id: value, name: label }) => ({ value, label }))}
          />
        )}
      </Field>
      {error !== null && <Failure title={t('punches.claimFailed')} error={error} />}
    </Modal>
  )
}
