import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useNavigate, useRouteError } from 'react-router'
import { Empty } from '../kit'

export function NotFound() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  return (
    <main className="page">
      <Empty
        title={t('app.notFound')}
        hint={t('app.notFoundHint')}
        action={<Button type="primary" onClick={() => void navigate('/')}>{t('app.toOverview')}</Button>}
      />
    </main>
  )
}

export function Crashed() {
  const { t } = useTranslation()
  const error = useRouteError()
  return (
    <main className="page" role="alert">
      <Empty
        title={t('app.crashed')}
        hint={t('app.crashedHint')}
        action={<Button type="primary" onClick={() => location.reload()}>{t('app.reload')}</Button>}
      />
      <details className="muted">
        <summary>{t('kit.technical')}</summary>
        <pre>{error instanceof Error ? (error.stack ?? error.message) : String(error)}</pre>
      </details>
    </main>
  )
}
