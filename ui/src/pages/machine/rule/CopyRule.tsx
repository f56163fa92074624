import { Checkbox, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMachines } from '../../../api/queries'
import { useCopyRule } from '../../../api/rules'
import type { Machine } from '../../../api/types'
import { Failure, Loading, useNotice, useSubmit } from '../../../kit'

/** The saved rule for other machines too; what they have is replaced. */
export function CopyRule({ machine, onClose }: { machine: Machine; onClose: () => void }) {
  const { t } = useTranslation()
  const notice = useNotice()
  const machines = useMachines()
  const copy = useCopyRule(machine.sn)
  const [chosen, setChosen] = useState<readonly string[]>([])
  const others = machines.data?.items.filter(({ sn }) => sn !== machine.sn) ?? []
  const { submit, busy, problem } = useSubmit(async () => {
    const answer = await copy.mutateAsync([...chosen])
    notice.done(t('rule.copied', { count: answer.copied.length }))
    onClose()
  })
  return (
    <Modal
      open
      title={t('rule.copyTitle', { name: machine.name })}
      onCancel={onClose}
      onOk={submit}
      okText={t('rule.copyTo', { count: chosen.length })}
      cancelText={t('action.cancel')}
      okButtonProps={{ disabled: chosen.length === 0, loading: busy }}
    >
      <div className="form">
        <p>{t('rule.copyHint')}</p>
        {machines.isPending && <Loading />}
        {!machines.isPending && others.length === 0 && <p className="muted">{t('rule.noOthers')}</p>}
        <Checkbox.Group className="copy-list" value={[...chosen]} onChange={setChosen} options={others.map(({ sn, name }) => ({ value: sn, label: name }))} />
        {problem && <Failure title={t('rule.copyFailed')} error={problem} />}
      </div>
    </Modal>
  )
}
