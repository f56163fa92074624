import { CloseOutlined } from '@ant-design/icons'
import { Alert, Button, Input, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Role } from '../../../api/types'
import { named, number } from '../../../kit'
import type { Picked } from './picked'
import { ROLES } from './roles'

/** More rows than anybody types numbers into. */
const SHOWN = 100

interface Props {
  picked: readonly Picked[]
  mapped: boolean
  onEdit: (id: string, changes: Partial<Picked>) => void
  onUnpick: (id: string) => void
  onSubmit: () => void
}

/** Who is to be added, with number and role; those that were refused come first, with the reason. */
export function PickedList({ picked, mapped, onEdit, onUnpick, onSubmit }: Props) {
  const { t } = useTranslation()
  const refused = picked.filter(({ why }) => why !== undefined)
  const rows = [...refused, ...picked.filter(({ why }) => why === undefined)].slice(0, SHOWN)
  return (
    <>
      {refused.length > 0 && <Alert type="error" showIcon role="alert" title={t('roster.rejected', { count: refused.length })} />}
      <ul className="picked-list">
        {rows.map((person) => (
          <li key={person.id}>
            <strong>{person.name}</strong>
            <Input
              aria-label={t('roster.pinFor', { name: person.name })}
              placeholder={t(mapped ? 'mapping.fills' : 'roster.noPin')}
              inputMode="numeric"
              autoComplete="off"
              status={person.why === undefined ? '' : 'error'}
              value={person.pin}
              onChange={(event) => onEdit(person.id, { pin: event.target.value })}
              onPressEnter={onSubmit}
            />
            <Select<Role>
              aria-label={t('roster.roleFor', { name: person.name })}
              popupRender={named(t('roster.roleFor', { name: person.name }))}
              value={person.role}
              onChange={(role) => onEdit(person.id, { role })}
              options={ROLES.map((value) => ({ value, label: t(`role.${value}`) }))}
            />
            <Button type="text" icon={<CloseOutlined />} aria-label={t('roster.unpick', { name: person.name })} onClick={() => onUnpick(person.id)} />
            {person.why !== undefined && <p className="field-error">{person.why}</p>}
          </li>
        ))}
        {picked.length > rows.length && <li className="picker-more muted">{t('roster.andMore', { count: picked.length - rows.length, shown: number(rows.length) })}</li>}
      </ul>
    </>
  )
}
