import { Alert, Button, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { everybody } from '../../api/people'
import type { Employee } from '../../api/types'
import { Field } from '../Field'
import { Failure } from '../small'
import { useSubmit } from '../useSubmit'
import { type ChooserProps, personTarget } from './chooser'
import { byNumber, pastedNumbers, type Found } from './paste'
import type { Side } from './selection'

/** A list of numbers, from a table or a message; who is not found is said. */
export function Paste({ chooser, onDone }: { chooser: ChooserProps; onDone: () => void }) {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const [outcome, setOutcome] = useState<Found<Employee> | null>(null)
  const numbers = pastedNumbers(text)

  const { submit, busy, problem } = useSubmit(async (side: Side) => {
    const found = byNumber(numbers, await everybody({ status: 'active' }))
    const people = found.found.filter((person) => chooser.refusal?.(person) === undefined)
    chooser.onPut(side, people.map(personTarget), people)
    if (found.missing.length === 0 && found.several.length === 0) onDone()
    else setOutcome(found)
  })

  return (
    <div className="form">
      <Field label={t('picker.pasteLabel')} hint={t('picker.pasteHint', { count: numbers.length })}>
        {(given) => <Input.TextArea {...given} autoFocus rows={8} value={text} onChange={(event) => { setText(event.target.value); setOutcome(null) }} />}
      </Field>
      {problem && <Failure title={t('kit.loadFailed')} error={problem} />}
      {outcome && (
        <Alert
          type="warning"
          showIcon
          role="alert"
          title={t('picker.pasteFound', { count: outcome.found.length })}
          description={
            <>
              {outcome.missing.length > 0 && <p>{t('picker.pasteMissing', { numbers: outcome.missing.slice(0, 40).join(' ') })}</p>}
              {outcome.several.length > 0 && <p>{t('picker.pasteSeveral', { numbers: outcome.several.slice(0, 40).join(' ') })}</p>}
            </>
          }
        />
      )}
      <div className="form-foot">
        <Button type="primary" loading={busy} disabled={numbers.length === 0} onClick={() => submit('include')}>
          {t(chooser.sides ? 'picker.includeShort' : 'picker.pasteTake')}
        </Button>
        {chooser.sides && <Button danger loading={busy} disabled={numbers.length === 0} onClick={() => submit('exclude')}>{t('picker.excludeShort')}</Button>}
        <Button onClick={onDone}>{t('picker.pasteBack')}</Button>
      </div>
    </div>
  )
}
