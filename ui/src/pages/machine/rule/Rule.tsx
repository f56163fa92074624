import { useTranslation } from 'react-i18next'
import { useRule } from '../../../api/rules'
import type { Machine } from '../../../api/types'
import { Failure, Loading, Panel } from '../../../kit'
import { MappingForm } from '../mapping/MappingForm'
import { RuleForm } from './RuleForm'
import { RuleRuns } from './RuleRuns'

/** Who belongs on this machine by itself, and what happens to everybody else. */
export function Rule({ machine }: { machine: Machine }) {
  const { t } = useTranslation()
  const rule = useRule(machine.sn)
  if (rule.error && !rule.data) return <Failure title={t('rule.loadFailed')} error={rule.error} onRetry={() => void rule.refetch()} />
  if (!rule.data) return <Loading />
  return (
    <div className="tab-body rule-tab">
      <RuleForm
        machine={machine}
        saved={rule.data}
        side={
          <>
            <RuleRuns machine={machine} rule={rule.data} />
            <Panel title={t('mapping.title')}><MappingForm machine={machine} /></Panel>
          </>
        }
      />
    </div>
  )
}
