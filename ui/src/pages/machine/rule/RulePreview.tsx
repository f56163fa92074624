import { Alert, Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { usePreview } from '../../../api/rules'
import type { Machine, NewDispatchRule } from '../../../api/types'
import { Failure, Loading, number, Panel } from '../../../kit'
import { brakeText, countsText, PREVIEW_KINDS, whyText, type PreviewKind } from './previewText'

/** So many names are shown; the counts are whole. */
const SHOWN = 200

/** Who the rule would add, enable, disable, delete or leave, and why. It follows every change, saved or not. */
export function RulePreview({ machine, rule, unsaved }: { machine: Machine; rule: NewDispatchRule; unsaved: boolean }) {
  const { t } = useTranslation()
  const preview = usePreview(machine.sn, unsaved ? rule : null)
  const [chosen, setChosen] = useState<PreviewKind | null>(null)
  const { data } = preview
  const kind = chosen ?? PREVIEW_KINDS.find((each) => (data?.counts[each] ?? 0) > 0) ?? 'add'
  const brake = data && brakeText(t, data)
  const lines = data?.[kind] ?? []

  return (
    <Panel title={t('rule.preview')} side={<span className="muted">{t(unsaved ? 'rule.previewUnsaved' : 'rule.previewSaved')}</span>}>
      <div className="form">
        {preview.error && <Failure title={t('rule.previewFailed')} error={preview.error} onRetry={() => void preview.refetch()} />}
        {preview.isPending && <Loading />}
        {!rule.enabled && <Alert type="info" showIcon title={t('rule.isOff')} />}
        {data && (
          <>
            <p role="status"><strong>{countsText(t, data)}</strong></p>
            {brake !== undefined && <Alert type="warning" showIcon role="alert" title={brake} description={t('rule.brakeHint')} />}
            <Segmented<PreviewKind>
              aria-label={t('rule.preview')}
              value={kind}
              onChange={setChosen}
              options={PREVIEW_KINDS.map((value) => ({ value, label: `${t(`rule.kind.${value}`)} ${number(data.counts[value])}` }))}
            />
            {lines.length === 0 ? (
              <p className="muted">{t(`rule.none.${kind}`)}</p>
            ) : (
              // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to be reachable by keyboard
              <ul className="preview-list" tabIndex={0} aria-label={t(`rule.kind.${kind}`)}>
                {lines.slice(0, SHOWN).map((line) => (
                  <li key={line.employeeId}>
                    <strong>{line.name}</strong>
                    <span className="muted">{whyText(t, line)}</span>
                  </li>
                ))}
                {data.counts[kind] > Math.min(lines.length, SHOWN) && <li className="muted">{t('rule.more', { count: data.counts[kind] - Math.min(lines.length, SHOWN) })}</li>}
              </ul>
            )}
          </>
        )}
      </div>
    </Panel>
  )
}
