import { MoreOutlined } from '@ant-design/icons'
import { Button, Dropdown } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useChangeMachine } from '../../api/queries'
import { useSync } from '../../api/rosterQueries'
import type { Machine } from '../../api/types'
import { useNotice } from '../../kit'
import { PunchFile } from '../machine/punches/PunchFile'
import { Reupload } from '../machine/punches/Reupload'
import { DeleteMachine } from './DeleteMachine'
import { MachineForm } from './MachineForm'

/** Everything one can do with a machine. */
export function MachineMenu({ machine, onDeleted }: { machine: Machine; onDeleted?: () => void }) {
  const { t } = useTranslation()
  const notice = useNotice()
  const navigate = useNavigate()
  const change = useChangeMachine()
  const sync = useSync(machine.sn)
  const [open, setOpen] = useState<'rename' | 'delete' | 'reupload' | 'punchFile' | null>(null)
  const { name, sn, enabled } = machine

  const switchTo = (next: boolean) =>
    notice.attempt(
      change.mutateAsync({ sn, enabled: next }),
      next ? t('machines.enabled', { name }) : t('machines.disabled', { name }),
      t('machines.switchFailed'),
    )

  return (
    <>
      <Dropdown
        trigger={['click']}
        menu={{
          items: [
            { key: 'sync', label: t('sync.action'), onClick: () => notice.attempt(sync.mutateAsync({}), t(machine.online ? 'sync.started' : 'sync.waits', { name }), t('sync.failed')) },
            { key: 'compare', label: t('compare.title'), onClick: () => void navigate(`/machines/${encodeURIComponent(sn)}?tab=people&view=compare`) },
            { type: 'divider' },
            { key: 'reupload', label: t('reupload.action'), disabled: !enabled, onClick: () => setOpen('reupload') },
            { key: 'gaps', label: t('gaps.title'), onClick: () => void navigate(`/machines/${encodeURIComponent(sn)}?tab=punches&view=gaps`) },
            { key: 'punchFile', label: t('punchFile.action'), onClick: () => setOpen('punchFile') },
            { type: 'divider' },
            { key: 'switch', label: enabled ? t('machines.disable') : t('machines.enable'), onClick: () => switchTo(!enabled) },
            { key: 'rename', label: t('machines.rename'), onClick: () => setOpen('rename') },
            { type: 'divider' },
            { key: 'delete', danger: true, label: t('action.delete'), onClick: () => setOpen('delete') },
          ],
        }}
      >
        <Button type="text" icon={<MoreOutlined />} aria-label={t('action.more', { name })} aria-haspopup="menu" />
      </Dropdown>
      {open === 'reupload' && <Reupload machine={machine} onClose={() => setOpen(null)} />}
      {open === 'punchFile' && <PunchFile machine={machine} onClose={() => setOpen(null)} />}
      {open === 'rename' && <MachineForm what={{ kind: 'change', machine }} onClose={() => setOpen(null)} />}
      {open === 'delete' && <DeleteMachine machine={machine} onDeleted={onDeleted} onClose={() => setOpen(null)} />}
    </>
  )
}
