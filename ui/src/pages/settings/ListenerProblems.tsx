import { Alert } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Listener } from '../../api/types'
import { explain } from '../../kit'

const TYPE = { error: 'error', warning: 'warning', hint: 'info' } as const

/** What usually goes wrong, found by the service on this computer. */
export function ListenerProblems({ listener }: { listener: Listener }) {
  const { t } = useTranslation()
  return listener.problems.map((problem) => (
    <Alert
      key={problem.code}
      type={TYPE[problem.level]}
      showIcon
      title={explain(problem)}
      description={
        <details className="muted">
          <summary>{t('kit.technical')}</summary>
          <span lang="en" className="mono">{problem.detail}</span>
        </details>
      }
    />
  ))
}
