import { CloseOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { drop, OrgPicker, TargetName, useOrg, type Selection, type Target } from '../../../kit/org'

/** Who is meant and who is left out, side by side. */
export function RuleScope({ scope, onChange }: { scope: Selection; onChange: (scope: Selection) => void }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const [picking, setPicking] = useState(false)
  return (
    <div className="form-field">
      <div className="panel-head">
        <strong>{t('rule.scope')}</strong>
        <Button size="small" onClick={() => setPicking(true)}>{t('rule.choose')}</Button>
      </div>
      <div className="chosen-columns">
        {(['include', 'exclude'] as const).map((side) => (
          <section key={side} aria-label={t(`picker.${side}`)}>
            <h3>{t(`picker.${side}`)}</h3>
            {scope[side].length === 0 ? (
              <p className="muted">{t(`picker.${side}None`)}</p>
            ) : (
              <ul className="chosen-list">
                {scope[side].map((target: Target) => (
                  <li key={`${target.kind}:${target.id}`}>
                    <TargetName target={target} org={org} />
                    <Button type="text" size="small" icon={<CloseOutlined />} aria-label={t('picker.drop', { name: target.name })} onClick={() => onChange(drop(scope, target))} />
                  </li>
                ))}
              </ul>
            )}
          </section>
        ))}
      </div>
      <p className="field-hint">{t('rule.scopeHint')}</p>
      {picking && <OrgPicker title={t('rule.scope')} value={scope} onOk={onChange} onClose={() => setPicking(false)} />}
    </div>
  )
}
