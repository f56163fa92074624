import { HistoryOutlined, UploadOutlined } from '@ant-design/icons'
import { Button, Segmented, Tooltip } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Machine } from '../../../api/types'
import { useFilters } from '../../../kit'
import { PunchTable } from '../../punches/PunchTable'
import { Gaps } from './Gaps'
import { PunchFile } from './PunchFile'
import { Reupload } from './Reupload'

const VIEWS = ['list', 'gaps'] as const
type View = (typeof VIEWS)[number]

/** What came of this machine, whether that is all of it, and the ways to what is missing. */
export function MachinePunches({ machine, machines }: { machine: Machine; machines: readonly Machine[] }) {
  const { t } = useTranslation()
  const { get, set } = useFilters()
  const view = VIEWS.find((each) => each === get('view')) ?? 'list'
  // A day that lacks a punch leads here with its date, and what is to be asked for is plain.
  const wanted = /^\d{4}-\d{2}-\d{2}$/.exec(get('reupload'))?.[0]
  const [open, setOpen] = useState<'reupload' | 'file' | null>(wanted === undefined ? null : 'reupload')
  const [period] = useState(wanted === undefined ? undefined : { from: wanted, to: wanted })
  const close = () => {
    setOpen(null)
    set({ reupload: undefined })
  }
  return (
    <div className="tab-body">
      <div className="view-row">
        <Segmented<View>
          aria-label={t('gaps.view')}
          value={view}
          onChange={(next) => set({ view: next === 'list' ? undefined : next, person: undefined, pin: undefined, state: undefined })}
          options={[{ value: 'list', label: t('gaps.viewList') }, { value: 'gaps', label: t('gaps.title') }]}
        />
        <div className="page-actions">
          <Tooltip title={machine.enabled ? undefined : t('reupload.disabled')}>
            <Button icon={<HistoryOutlined aria-hidden="true" />} disabled={!machine.enabled} onClick={() => setOpen('reupload')}>{t('reupload.action')}</Button>
          </Tooltip>
          <Button icon={<UploadOutlined aria-hidden="true" />} onClick={() => setOpen('file')}>{t('punchFile.action')}</Button>
        </div>
      </div>
      {view === 'list' ? <PunchTable id="machine-punches" machine={machine} machines={machines} /> : <Gaps machine={machine} />}
      {open === 'reupload' && <Reupload machine={machine} {...(period ? { period } : {})} onClose={close} />}
      {open === 'file' && <PunchFile machine={machine} onClose={close} />}
    </div>
  )
}
