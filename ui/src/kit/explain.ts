import i18next from 'i18next'
import { asProblem, type ApiProblem } from '../api/problem'

interface Told {
  code: string
  detail: string
}

/**
 * The sentence for a problem's code: what happened, why, what to do. A code that this console does not know yet
 * falls back to what the service says of it, never to the bare code.
 */
export const explain = (told: Told): string => explainWith(told, {})

/** The same with what the sentence names: a machine. */
export function explainWith({ code, detail }: Told, values: Readonly<Record<string, string>>): string {
  // The code comes from the service, so the key cannot be one of the typed ones.
  const key = `problem.${code}`
  if (i18next.exists(key)) {
    const sentence: unknown = (i18next.t as (key: string, values: object) => unknown)(key, { detail, holder: holderOf(detail), ...values })
    if (typeof sentence === 'string') return sentence.trim()
  }
  return i18next.t('problem.unknown', { detail: detail === '' ? code : detail })
}

/** Who has the number, which a conflict names in its detail. */
const holderOf = (detail: string): string => /^(.+) has the number /.exec(detail)?.[1] ?? i18next.t('kit.somebody')

/** The same for whatever was thrown. */
export const explainError = (error: unknown): string => explain(asProblem(error))

/** What is wrong with one field of a form; `about`: the field that the problem is about. */
export const explainField = (problem: ApiProblem | null, about: string | undefined, field: string): string | undefined =>
  problem !== null && about === field ? explain(problem.field(field) ?? problem) : undefined
