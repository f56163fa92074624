import { CloseOutlined } from '@ant-design/icons'
import { Button, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useEverybody } from '../../api/people'
import { focusFirst } from '../focusFirst'
import { OrgTabs } from './OrgTabs'
import { countIn, drop, needless, put, toggle, type Selection, type Side, type Target } from './selection'
import type { Org } from './tree'
import { useOrg } from './useOrg'
import { WhyPerson } from './WhyPerson'

interface Props {
  title: string
  value: Selection
  onOk: (selection: Selection) => void
  onClose: () => void
}

/** Who is meant: people, departments, branches; those left out beside them, how many that makes, and why somebody is in or out. */
export function OrgPicker({ title, value, onOk, onClose }: Props) {
  const { t } = useTranslation()
  const [selection, setSelection] = useState(value)
  const { org } = useOrg()
  const people = useEverybody(true)
  return (
    <Modal open width={1120} style={{ top: 24 }} afterOpenChange={focusFirst} title={title} onCancel={onClose} okText={t('picker.take')} cancelText={t('action.cancel')} onOk={() => { onOk(selection); onClose() }}>
      <div className="org-picker">
        <div className="picker-side">
          <OrgTabs
            selection={selection}
            sides
            onToggle={(side, target) => setSelection((before) => toggle(before, side, target))}
            onPut={(side, targets) => setSelection((before) => put(before, side, targets))}
          />
        </div>
        <div className="picker-chosen">
          <div className="chosen-columns">
            {(['include', 'exclude'] as const).map((side) => (
              <Chosen key={side} side={side} selection={selection} org={org} onDrop={(target) => setSelection((before) => drop(before, target))} />
            ))}
          </div>
          <p className="picker-count" role="status">
            {people.data ? t('picker.inScope', { count: countIn(people.data, selection, org) }) : t('kit.loading')}
          </p>
          <WhyPerson selection={selection} org={org} />
        </div>
      </div>
    </Modal>
  )
}

function Chosen({ side, selection, org, onDrop }: { side: Side; selection: Selection; org: Org; onDrop: (target: Target) => void }) {
  const { t } = useTranslation()
  const targets = selection[side]
  const extra = new Set(needless(selection, side, org))
  return (
    <section aria-label={t(`picker.${side}`)}>
      <h3>{t(`picker.${side}`)}</h3>
      {targets.length === 0 ? (
        <p className="muted">{t(`picker.${side}None`)}</p>
      ) : (
        <ul className="chosen-list">
          {targets.map((target) => (
            <li key={`${target.kind}:${target.id}`}>
              <TargetName target={target} org={org} />
              {extra.has(target) && <span className="muted">{t('picker.needless')}</span>}
              <Button type="text" size="small" icon={<CloseOutlined />} aria-label={t('picker.drop', { name: target.name })} onClick={() => onDrop(target)} />
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

/** A target with its kind; a department says how many are in it. */
export function TargetName({ target, org }: { target: Target; org: Org }) {
  const { t } = useTranslation()
  const unit = target.kind === 'employee' ? undefined : org.byKey.get(`${target.kind}:${target.id}`)
  return (
    <span className="target-name" title={target.name}>
      <span className="tag">{t(`picker.kind.${target.kind}`)}</span> {unit?.name ?? target.name}
      {unit && <span className="muted"> {t('kit.people', { count: unit.employees })}</span>}
    </span>
  )
}
