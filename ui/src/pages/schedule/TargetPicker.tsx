import { CloseOutlined } from '@ant-design/icons'
import { Button, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { everybody } from '../../api/people'
import { Failure, focusFirst } from '../../kit'
import { drop, NOBODY, OrgTabs, put, TargetName, useOrg, type Selection, type Target } from '../../kit/org'

interface Props {
  title: string
  value: readonly Target[]
  /** Departments and branches stand for the people who are in them now. */
  peopleOnly?: boolean
  count: (targets: readonly Target[]) => string
  nobody: string
  onOk: (targets: readonly Target[]) => void
  onClose: () => void
}

const SHOWN = 500

/** Who is meant, from the organisation: people, departments, branches, or a pasted list of numbers. */
export function TargetPicker({ title, value, peopleOnly = false, count, nobody, onOk, onClose }: Props) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const [selection, setSelection] = useState<Selection>(put(NOBODY, 'include', value))
  const [error, setError] = useState<unknown>(null)
  const chosen = selection.include
  const has = ({ kind, id }: Target) => chosen.some((each) => each.kind === kind && each.id === id)

  const toggle = async (target: Target) => {
    if (!peopleOnly || target.kind === 'employee') {
      setSelection((before) => (has(target) ? drop(before, target) : put(before, 'include', [target])))
      return
    }
    setError(null)
    try {
      const people = await everybody({ status: 'active', ...(target.kind === 'department' ? { departmentId: target.id } : { branchId: target.id }) })
      setSelection((before) => put(before, 'include', people.map(({ id, name }) => ({ kind: 'employee' as const, id, name }))))
    } catch (failure) {
      setError(failure)
    }
  }

  return (
    <Modal open width={1000} style={{ top: 24 }} afterOpenChange={focusFirst} title={title} onCancel={onClose} okText={t('picker.take')} cancelText={t('action.cancel')} onOk={() => { onOk(chosen); onClose() }}>
      {error !== null && <Failure title={t('kit.loadFailed')} error={error} />}
      <div className="org-picker">
        <div className="picker-side">
          <OrgTabs
            selection={selection}
            sides={false}
            onToggle={(_, target) => void toggle(target)}
            onPut={(side, targets) => setSelection((before) => put(before, side, targets))}
          />
        </div>
        <div className="picker-chosen">
          <p className="picker-count" role="status">{chosen.length === 0 ? nobody : count(chosen)}</p>
          <ul className="chosen-list target-list" aria-label={title}>
            {chosen.slice(0, SHOWN).map((target) => (
              <li key={`${target.kind}:${target.id}`}>
                <TargetName target={target} org={org} />
                <Button type="text" size="small" icon={<CloseOutlined />} aria-label={t('picker.drop', { name: target.name })} onClick={() => setSelection((before) => drop(before, target))} />
              </li>
            ))}
            {chosen.length > SHOWN && <li className="muted">{t('rule.more', { count: chosen.length - SHOWN })}</li>}
          </ul>
          {chosen.length > 1 && <div><Button size="small" onClick={() => setSelection(NOBODY)}>{t('roster.unpickAll')}</Button></div>}
        </div>
      </div>
    </Modal>
  )
}
