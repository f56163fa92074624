import { Button, Radio, TimePicker } from 'antd'
import dayjs from 'dayjs'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSaveRule } from '../../../api/rules'
import type { DispatchRule, Machine } from '../../../api/types'
import { explain, Failure, Field, Panel, SwitchRow, useNotice, useSubmit } from '../../../kit'
import { draftOf, ruleOf, sameRule, type Draft } from './draft'
import { RulePreview } from './RulePreview'
import { RuleScope } from './RuleScope'

const OUT_OF_SCOPE = ['keep', 'delete', 'disable'] as const

/** The rule; beside it what it would do, while it is still being thought about. */
export function RuleForm({ machine, saved, side }: { machine: Machine; saved: DispatchRule; side: ReactNode }) {
  const { t } = useTranslation()
  const notice = useNotice()
  const save = useSaveRule(machine.sn)
  const [draft, setDraft] = useState<Draft | null>(null)
  const shown = draft ?? draftOf(saved)
  const rule = ruleOf(shown)
  const changed = !sameRule(rule, ruleOf(draftOf(saved)))
  const change = (changes: Partial<Draft>) => setDraft({ ...shown, ...changes })

  const { submit, busy, problem } = useSubmit(async () => {
    await save.mutateAsync(rule)
    setDraft(null)
    notice.done(t(rule.enabled ? 'rule.saved' : 'rule.savedOff'))
  })

  return (
    <div className="columns rule-columns">
      <div className="column">
        <Panel title={t('rule.title')}>
          <form className="form" onSubmit={(event) => { event.preventDefault(); submit() }}>
            <SwitchRow label={t('rule.switch')} hint={t('rule.switchHint')} checked={shown.enabled} onChange={(enabled) => change({ enabled })} />
            <RuleScope scope={shown.scope} onChange={(scope) => change({ scope })} />
            <div className="form-field" role="radiogroup" aria-label={t('rule.outOfScope')}>
              <strong>{t('rule.outOfScope')}</strong>
              <Radio.Group
                vertical
                value={shown.outOfScope}
                onChange={(event) => change({ outOfScope: event.target.value as Draft['outOfScope'] })}
                options={OUT_OF_SCOPE.map((value) => ({ value, label: t(`rule.out.${value}`) }))}
              />
              {shown.outOfScope !== 'keep' && <p className="field-hint">{t('rule.outHint')}</p>}
            </div>
            <Field label={t('rule.runAt')} hint={t('rule.runAtHint', { zone: machine.timeZone })} error={problem?.code === 'dispatch.run_at_invalid' ? explain(problem) : undefined}>
              {(given) => (
                <TimePicker
                  {...given}
                  format="HH:mm"
                  allowClear={false}
                  style={{ width: 120 }}
                  value={dayjs(shown.runAt, 'HH:mm')}
                  onChange={(time: dayjs.Dayjs | null) => time && change({ runAt: time.format('HH:mm') })}
                />
              )}
            </Field>
            <SwitchRow label={t('rule.sync')} hint={t('rule.syncHint')} checked={shown.syncToMachine} onChange={(syncToMachine) => change({ syncToMachine })} />
            {problem && problem.code !== 'dispatch.run_at_invalid' && <Failure title={t('rule.saveFailed')} error={problem} />}
            <div className="form-foot">
              <Button type="primary" htmlType="submit" disabled={!changed} loading={busy}>{t('action.save')}</Button>
              {changed && <Button onClick={() => setDraft(null)}>{t('rule.discard')}</Button>}
              {changed && <span className="warn" role="status">{t('rule.unsaved')}</span>}
            </div>
          </form>
        </Panel>
        {side}
      </div>
      <div className="column">
        <RulePreview machine={machine} rule={rule} unsaved={changed} />
      </div>
    </div>
  )
}
