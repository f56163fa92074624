import { DownOutlined } from '@ant-design/icons'
import { Button, Dropdown } from 'antd'
import { useTranslation } from 'react-i18next'
import { useBatch, useSync } from '../../../api/rosterQueries'
import type { Machine, Role, RosterBatch, RosterEntry } from '../../../api/types'
import { type Refusal, useNotice } from '../../../kit'
import { refusalsOf } from './refusalsOf'
import { ROLES } from './roles'

interface Props {
  machine: Machine
  selected: readonly RosterEntry[]
  clear: () => void
  onRemove: (entries: readonly RosterEntry[]) => void
  onRefused: (refused: readonly Refusal[]) => void
}

/** What can be done with several at once. */
export function RosterBatchBar({ machine, selected, clear, onRemove, onRefused }: Props) {
  const { t } = useTranslation()
  const notice = useNotice()
  const batch = useBatch(machine.sn)
  const sync = useSync(machine.sn)
  const employeeIds = selected.map(({ employeeId }) => employeeId)

  const run = async (change: Pick<RosterBatch, 'action' | 'role'>) => {
    try {
      const answer = await batch.mutateAsync({ employeeIds, ...change })
      if (answer.changed.length > 0) notice.done(t('roster.changed', { count: answer.changed.length }))
      onRefused(refusalsOf(answer, selected))
      clear()
    } catch (error) {
      notice.failed(t('kit.saveFailed'), error)
    }
  }
  const role = (chosen: Role) => ({ key: chosen, label: t(`role.${chosen}`), onClick: () => void run({ action: 'role', role: chosen }) })

  return (
    <>
      <Button loading={batch.isPending} onClick={() => void run({ action: 'enable' })}>{t('roster.enable')}</Button>
      <Button onClick={() => void run({ action: 'disable' })}>{t('roster.disable')}</Button>
      <Dropdown trigger={['click']} menu={{ items: ROLES.map(role) }}>
        <Button aria-haspopup="menu">{t('roster.setRole')} <DownOutlined aria-hidden="true" /></Button>
      </Dropdown>
      <Button onClick={() => notice.attempt(sync.mutateAsync({ employeeIds }).then(clear), t('sync.started', { name: machine.name }), t('sync.failed'))}>{t('sync.these')}</Button>
      <Button danger onClick={() => onRemove(selected)}>{t('action.remove')}</Button>
    </>
  )
}
