import type { DispatchRule, NamedTarget, NewDispatchRule } from '../../../api/types'
import type { Selection, Target } from '../../../kit/org'

/** The rule as it is being edited. */
export interface Draft {
  enabled: boolean
  scope: Selection
  outOfScope: DispatchRule['outOfScope']
  runAt: string
  syncToMachine: boolean
}

const targetOf = ({ kind, id, name }: NamedTarget): Target => ({ kind, id, name: name ?? id })
const bare = ({ kind, id }: Pick<Target, 'kind' | 'id'>) => ({ kind, id })

export const draftOf = (rule: DispatchRule): Draft => ({
  enabled: rule.enabled,
  scope: { include: rule.include.map(targetOf), exclude: rule.exclude.map(targetOf) },
  outOfScope: rule.outOfScope,
  runAt: rule.runAt,
  syncToMachine: rule.syncToMachine,
})

export const ruleOf = (draft: Draft): NewDispatchRule => ({
  enabled: draft.enabled,
  include: draft.scope.include.map(bare),
  exclude: draft.scope.exclude.map(bare),
  outOfScope: draft.outOfScope,
  runAt: draft.runAt,
  syncToMachine: draft.syncToMachine,
})

/** A saved rule as it is sent. */
export const bodyOf = (rule: DispatchRule): NewDispatchRule => ruleOf(draftOf(rule))

const order = (a: { kind: string; id: string }, b: { kind: string; id: string }) => `${a.kind} ${a.id}`.localeCompare(`${b.kind} ${b.id}`)

const told = (rule: NewDispatchRule): string =>
  JSON.stringify({ ...rule, include: rule.include.toSorted(order), exclude: rule.exclude.toSorted(order) })

/** Whether two rules say the same; the order of their targets says nothing. */
export const sameRule = (a: NewDispatchRule, b: NewDispatchRule): boolean => told(a) === told(b)
