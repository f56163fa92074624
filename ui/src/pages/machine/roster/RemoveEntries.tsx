import { Alert, Checkbox } from 'antd'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { client, unwrap } from '../../../api/client'
import { useBatch } from '../../../api/rosterQueries'
import { useRule, useSaveRule } from '../../../api/rules'
import type { DispatchRule, Machine, RosterEntry } from '../../../api/types'
import { Confirm, type Refusal, useNotice } from '../../../kit'
import { bodyOf } from '../rule/draft'
import { refusalsOf } from './refusalsOf'

/** So many are asked about one by one; of more, whoever the rule has put there counts. */
const ASKED = 20

interface Props {
  machine: Machine
  entries: readonly RosterEntry[]
  onRefused: (refused: readonly Refusal[]) => void
  onClose: () => void
}

/** Takes people off the list and off the machine; says so when the rule would put them back. */
export function RemoveEntries({ machine, entries, onRefused, onClose }: Props) {
  const { t } = useTranslation()
  const notice = useNotice()
  const batch = useBatch(machine.sn)
  const rule = useRule(machine.sn)
  const saveRule = useSaveRule(machine.sn)
  const returning = useReturning(machine.sn, rule.data, entries)
  const [exclude, setExclude] = useState(true)

  const run = async () => {
    if (rule.data && exclude && returning.length > 0) {
      const body = bodyOf(rule.data)
      await saveRule.mutateAsync({ ...body, exclude: [...body.exclude, ...returning.map(({ employeeId }) => ({ kind: 'employee' as const, id: employeeId }))] })
    }
    const answer = await batch.mutateAsync({ employeeIds: entries.map(({ employeeId }) => employeeId), action: 'remove' })
    if (answer.changed.length > 0) notice.done(t('roster.removed', { count: answer.changed.length }))
    onRefused(refusalsOf(answer, entries))
  }

  return (
    <Confirm title={t('roster.removeTitle', { count: entries.length })} action={t('action.remove')} failed={t('roster.removeFailed')} run={run} onClose={onClose}>
      <p>{entries.slice(0, 12).map((entry) => entry.name).join(t('picker.and'))}{entries.length > 12 ? ' …' : ''}</p>
      <p className="muted">{t('roster.removeHint')}</p>
      {returning.length > 0 && (
        <Alert
          type="warning"
          showIcon
          title={t('roster.wouldReturn', { count: returning.length })}
          description={<Checkbox checked={exclude} onChange={(event) => setExclude(event.target.checked)}>{t('roster.excludeThem')}</Checkbox>}
        />
      )}
    </Confirm>
  )
}

/** Who of them the rule would add again. */
function useReturning(sn: string, rule: DispatchRule | undefined, entries: readonly RosterEntry[]): readonly RosterEntry[] {
  const few = entries.length <= ASKED
  const wanted = rule?.enabled === true
  const asked = useQuery({
    queryKey: ['rule', sn, 'explain', entries.map(({ employeeId }) => employeeId)],
    queryFn: () => Promise.all(entries.map(({ employeeId }) => unwrap(client.GET('/api/machines/{sn}/dispatch-rule/explain', { params: { path: { sn }, query: { employeeId } } })))),
    enabled: wanted && few,
  })
  if (!wanted) return []
  if (!few) return entries.filter(({ source }) => source === 'rule')
  return entries.filter((_, index) => asked.data?.[index]?.inScope === true)
}
