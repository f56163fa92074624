import { DownOutlined, PlusOutlined, SyncOutlined } from '@ant-design/icons'
import { Button, Dropdown, Space } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSync, wholeRoster } from '../../../api/rosterQueries'
import type { Machine } from '../../../api/types'
import { useNotice } from '../../../kit'
import { AddPeople } from './AddPeople'

export function AddButton({ machine }: { machine: Machine }) {
  const { t } = useTranslation()
  const [adding, setAdding] = useState(false)
  return (
    <>
      <Button icon={<PlusOutlined aria-hidden="true" />} onClick={() => setAdding(true)}>{t('roster.add')}</Button>
      {adding && <AddPeople machine={machine} onClose={() => setAdding(false)} />}
    </>
  )
}

/** Add people; send what differs; send everything again; try what failed again. */
export function RosterActions({ machine }: { machine: Machine }) {
  const { t } = useTranslation()
  const notice = useNotice()
  const sync = useSync(machine.sn)
  const done = t(machine.online ? 'sync.started' : 'sync.waits', { name: machine.name })
  const start = (full: boolean) => notice.attempt(sync.mutateAsync(full ? { full: true } : {}), done, t('sync.failed'))
  const retry = async () => {
    try {
      const failed = await wholeRoster(machine.sn, { state: 'failed' })
      if (failed.length > 0) await sync.mutateAsync({ employeeIds: failed.map(({ employeeId }) => employeeId) })
      notice.done(t('sync.retried', { count: failed.length }))
    } catch (error) {
      notice.failed(t('sync.failed'), error)
    }
  }
  return (
    <>
      <AddButton machine={machine} />
      <Space.Compact>
        <Button type="primary" icon={<SyncOutlined aria-hidden="true" />} loading={sync.isPending} onClick={() => start(false)}>{t('sync.action')}</Button>
        <Dropdown
          trigger={['click']}
          menu={{
            items: [
              { key: 'failed', label: t('sync.retryFailed', { count: machine.roster.failed }), disabled: machine.roster.failed === 0, onClick: () => void retry() },
              { key: 'full', label: t('sync.full'), onClick: () => start(true) },
            ],
          }}
        >
          <Button type="primary" icon={<DownOutlined />} aria-label={t('sync.more')} aria-haspopup="menu" />
        </Dropdown>
      </Space.Compact>
    </>
  )
}
