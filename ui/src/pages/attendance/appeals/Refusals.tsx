import { Alert } from 'antd'
import { useTranslation } from 'react-i18next'
import { explain } from '../../../kit'

export interface Refusal {
  key: string
  who: string
  code: string
  detail: string
}

/** Of several at once, those that did not work, each with its reason. */
export function Refusals({ refused, onClose }: { refused: readonly Refusal[]; onClose: () => void }) {
  const { t } = useTranslation()
  if (refused.length === 0) return null
  return (
    <Alert
      type="warning"
      showIcon
      role="alert"
      closable={{ onClose, 'aria-label': t('action.close') }}
      title={t('appeal.refused', { count: refused.length })}
      description={
        <ul className="refused">
          {refused.map(({ key, who, code, detail }) => (
            <li key={key}>{t('jobLog.about', { who, what: explain({ code, detail }) })}</li>
          ))}
        </ul>
      }
    />
  )
}
