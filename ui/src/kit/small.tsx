import { CheckOutlined, CopyOutlined } from '@ant-design/icons'
import { Alert, Button, Tooltip } from 'antd'
import { useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Machine } from '../api/types'
import { useNow } from './clock'
import { explain, explainError } from './explain'
import { ago, localTime } from './format'

export type DotState = 'online' | 'offline' | 'disabled' | 'never' | 'stranger'

export const machineState = (machine: Machine): DotState => {
  if (!machine.enabled) return 'disabled'
  if (machine.lastSeenAt === null) return 'never'
  return machine.online ? 'online' : 'offline'
}

/** State as shape, colour and word: never by colour alone. */
export function StatusDot({ state }: { state: DotState }) {
  const { t } = useTranslation()
  return (
    <span className={`dot dot-${state}`}>
      <svg viewBox="0 0 10 10" aria-hidden="true">
        {state === 'online' && <circle cx="5" cy="5" r="4.5" />}
        {state === 'offline' && <path d="M1.5 1.5l7 7M8.5 1.5l-7 7" className="stroke" />}
        {state === 'disabled' && <path d="M1 5h8" className="stroke" />}
        {(state === 'never' || state === 'stranger') && <circle cx="5" cy="5" r="3.6" className="stroke" />}
      </svg>
      {t(`status.${state}`)}
    </span>
  )
}

/** “3 minutes ago”, the exact time on hover and to a screen reader. */
export function Ago({ at }: { at: string | null | undefined }) {
  const { t } = useTranslation()
  const now = useNow()
  if (!at) return <span className="muted">{t('kit.never')}</span>
  return (
    <Tooltip title={localTime(at)}>
      <time dateTime={at}>{ago(at, now) ?? t('kit.justNow')}</time>
    </Tooltip>
  )
}

/** Why something is as it is: a translated sentence, with what the service said as technical detail. */
export function Reason({ code, detail, tone = 'warn' }: { code: string; detail: string; tone?: 'warn' | 'bad' | 'plain' }) {
  const sentence = explain({ code, detail })
  return (
    <Tooltip title={detail !== '' && detail !== sentence ? detail : undefined}>
      <span className={`reason reason-${tone}`} title={sentence}>{sentence}</span>
    </Tooltip>
  )
}

/** What failed, why, what to do, and a button. */
export function Failure({ title, error, onRetry, action }: { title: string; error: unknown; onRetry?: () => void; action?: ReactNode }) {
  const { t } = useTranslation()
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      title={title}
      description={explainError(error)}
      action={action ?? (onRetry && <Button onClick={onRetry}>{t('action.retry')}</Button>)}
    />
  )
}

/** Nothing here, and what to do about it. */
export function Empty({ title, hint, action }: { title: string; hint?: string; action?: ReactNode }) {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      {hint && <p className="muted">{hint}</p>}
      {action && <div className="empty-action">{action}</div>}
    </div>
  )
}

/** True once `waiting` has lasted 300 ms: nothing spins for less. */
export function useSlow(waiting: boolean): boolean {
  const [slow, setSlow] = useState(false)
  useEffect(() => {
    if (!waiting) return undefined
    const timer = setTimeout(() => setSlow(true), 300)
    return () => {
      clearTimeout(timer)
      setSlow(false)
    }
  }, [waiting])
  return waiting && slow
}

export function Loading() {
  const { t } = useTranslation()
  const slow = useSlow(true)
  return slow ? <p className="muted loading" role="status">{t('kit.loading')}</p> : null
}

/** The page's title with what can be done on it. */
export function PageHead({ title, side, children }: { title: ReactNode; side?: ReactNode; children?: ReactNode }) {
  return (
    <header className="page-head">
      <div className="page-title">
        <h1>{title}</h1>
        {side}
      </div>
      {children && <div className="page-actions">{children}</div>}
    </header>
  )
}

export function Panel({ title, side, children, label }: { title?: ReactNode; side?: ReactNode; children: ReactNode; label?: string }) {
  return (
    <section className="panel" aria-label={label ?? (typeof title === 'string' ? title : undefined)}>
      {title !== undefined && (
        <div className="panel-head">
          <h2>{title}</h2>
          {side}
        </div>
      )}
      {children}
    </section>
  )
}

/** A value to be typed elsewhere, large and easy to copy. */
export function CopyText({ text, label }: { text: string; label: string }) {
  const { t } = useTranslation()
  const [copied, setCopied] = useState(false)
  return (
    <span className="copy-text">
      <span className="copy-value">{text}</span>
      {/* Browsers offer the clipboard only to secure pages: over plain HTTP from another computer there is none. */}
      {'clipboard' in navigator && <Button
        type="text"
        size="small"
        aria-label={`${t('action.copy')}: ${label}`}
        icon={copied ? <CheckOutlined /> : <CopyOutlined />}
        onClick={() => {
          void navigator.clipboard.writeText(text).then(() => setCopied(true))
        }}
      />}
      <span className="sr-only" aria-live="polite">{copied ? t('action.copied') : ''}</span>
    </span>
  )
}
