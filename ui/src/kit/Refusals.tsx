import { Alert } from 'antd'
import { useTranslation } from 'react-i18next'
import { explain } from './explain'

/** One of several at once that did not work. */
export interface Refusal {
  key: string
  who: string
  code: string
  detail: string
}

interface Props {
  title: string
  refused: readonly Refusal[]
  /** So many are named where there may be thousands, each of whom is in the list below as well. */
  most?: number
  onClose: () => void
}

/** Of several at once, those that did not work, each with its reason. */
export function Refusals({ title, refused, most = refused.length, onClose }: Props) {
  const { t } = useTranslation()
  if (refused.length === 0) return null
  return (
    <Alert
      type="warning"
      showIcon
      role="alert"
      closable={{ onClose, 'aria-label': t('action.close') }}
      title={title}
      description={
        <ul className="refused">
          {refused.slice(0, most).map(({ key, who, code, detail }) => (
            <li key={key}>{t('jobLog.about', { who, what: explain({ code, detail }) })}</li>
          ))}
        </ul>
      }
    />
  )
}
