import { Input, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useAddBranch, useAddDepartment, useChangeBranch, useChangeDepartment } from '../../api/organisation'
import { explain, Failure, Field, FormDialog, named, useNotice, useSubmit } from '../../kit'
import { isWithin, pathText, type Org, type Unit, type UnitKind } from '../../kit/org'

export type UnitFormFor =
  | { kind: 'add'; unit: UnitKind; parent: Unit | undefined }
  | { kind: 'change'; unit: UnitKind; changed: Unit }

const TOP = ''

/** A branch or department: its name and where it is. Renaming and moving are the same form. */
export function UnitForm({ what, org, onClose }: { what: UnitFormFor; org: Org; onClose: () => void }) {
  const { t } = useTranslation()
  const notice = useNotice()
  const addBranch = useAddBranch()
  const addDepartment = useAddDepartment()
  const changeBranch = useChangeBranch()
  const changeDepartment = useChangeDepartment()
  const changed = what.kind === 'change' ? what.changed : undefined
  const [name, setName] = useState(changed?.name ?? '')
  const [parent, setParent] = useState((what.kind === 'add' ? what.parent : what.changed.parent)?.key ?? TOP)

  // Below itself nothing can be; and a branch is only in a branch.
  const places = [...org.byKey.values()].filter((unit) => (what.unit === 'department' || unit.kind === 'branch') && !(changed && isWithin(unit, changed)))

  const { submit, busy, problem } = useSubmit(async () => {
    const place = org.byKey.get(parent)
    const above = { parentId: place?.kind === what.unit ? place.id : null }
    const within = { ...above, branchId: place?.kind === 'branch' ? place.id : null }
    const given = name.trim()
    if (what.unit === 'branch') await (changed ? changeBranch.mutateAsync({ id: changed.id, name: given, ...above }) : addBranch.mutateAsync({ name: given, ...above }))
    else await (changed ? changeDepartment.mutateAsync({ id: changed.id, name: given, ...within }) : addDepartment.mutateAsync({ name: given, ...within }))
    notice.done(t(changed ? 'org.changed' : 'org.added', { name: given }))
    onClose()
  })
  const aboutName = problem?.field('name') !== undefined || problem?.code.includes('name') === true

  const title = changed ? t('org.editTitle', { name: changed.name }) : t(`org.addTitle.${what.unit}`)
  return (
    <FormDialog title={title} action={t(changed ? 'action.save' : 'action.add')} busy={busy} onSend={submit} onClose={onClose}>
      {problem && !aboutName && <Failure title={t('kit.saveFailed')} error={problem} />}
      <Field label={t('people.name')} error={problem && aboutName ? explain(problem.field('name') ?? problem) : undefined}>
        {(given) => <Input {...given} autoComplete="off" value={name} onChange={(event) => setName(event.target.value)} />}
      </Field>
      <Field label={t('org.place')} hint={t(`org.placeHint.${what.unit}`)}>
        {(given) => (
          <Select
            {...given}
            popupRender={named(t('org.place'))}
            showSearch={{ optionFilterProp: 'label' }}
            value={parent}
            onChange={setParent}
            options={[{ value: TOP, label: t('org.top') }, ...places.map((unit) => ({ value: unit.key, label: pathText(unit) }))]}
          />
        )}
      </Field>
    </FormDialog>
  )
}
