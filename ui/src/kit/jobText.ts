import i18next, { type TFunction } from 'i18next'
import type { Job, JobLogLine } from '../api/types'
import { explain } from './explain'
import { number } from './format'
import { spanText } from './spanText'
import { said } from '../words/said'

export const JOB_TONE = { waiting: '', running: '', needsConfirmation: 'warn', done: 'good', failed: 'bad', cancelled: 'warn' } as const

/** A kind that this console does not know yet is called as the service calls it. */
export const jobKindText = (kind: string): string => said(`jobs.kind.${kind}`) ?? kind

export const jobTitle = ({ kind, machineName, sn }: Pick<Job, 'kind' | 'machineName' | 'sn'>): string =>
  sn === null ? jobKindText(kind) : `${jobKindText(kind)} · ${machineName ?? sn}`

/** “1,200 of 5,000” – and what it waits for while nothing moves. */
export function progressText(t: TFunction, { state, progress: { done, total } }: Pick<Job, 'state' | 'progress'>): string {
  const counts = total === 0 ? '' : t('jobs.counts', { done: number(done), total: number(total) })
  return state === 'waiting' ? [t('jobs.waiting'), counts].filter(Boolean).join(' · ') : counts || t('jobs.state.running')
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** What a job did, in numbers; what it did not is left out. */
function resultParts(t: TFunction, result: unknown): string[] {
  if (!isRecord(result)) return []
  if (typeof result['received'] === 'number') return cameText(result)
  if (typeof result['supported'] === 'boolean') return comparedText(t, result)
  const parts: string[] = []
  if (typeof result['code'] === 'string') parts.push(explain({ code: result['code'], detail: text(result['detail']) }))
  if (typeof result['hit'] === 'number' && typeof result['entries'] === 'number') {
    parts.push(t('jobs.held', { hit: number(result['hit']), entries: number(result['entries']) }))
  }
  for (const [key, value] of Object.entries(result)) {
    const words = typeof value === 'number' && value > 0 ? said(`jobs.result.${key}`, { count: value }) : undefined
    if (words !== undefined) parts.push(words)
  }
  return parts
}

const CAME = ['received', 'new', 'known', 'others', 'repeated', 'rejected'] as const

/** How many punches came, even when none did, and what they were. */
const cameText = (result: Record<string, unknown>): string[] =>
  CAME.flatMap((key) => {
    const count = result[key]
    return typeof count === 'number' && (count > 0 || key === 'received') ? (said(`jobs.result.${key}`, { count }) ?? []) : []
  })

/** How many days lack punches; of a machine that does not count, that. */
function comparedText(t: TFunction, { supported, missing, days, reuploadJobId }: Record<string, unknown>): string[] {
  const refilled = typeof reuploadJobId === 'number' ? [t('jobs.refilled')] : []
  if (supported === false) return [t('jobs.uncountable'), ...refilled]
  const lacking = Array.isArray(missing) ? missing.length : 0
  if (lacking > 0) return [t('jobs.lacking', { count: lacking }), ...refilled]
  return typeof days === 'number' && days > 0 ? [t('jobs.compared', { count: days })] : []
}

/** What came of a job; of one that did nothing, that. */
export const jobResult = (t: TFunction, { state, result }: Pick<Job, 'state' | 'result'>): string =>
  resultParts(t, result).join(' · ') || (state === 'done' ? t('jobs.nothing') : '')

/** How a job ended, and what it did. */
export const jobOutcome = (t: TFunction, job: Pick<Job, 'state' | 'result'>): string =>
  [t(`jobs.state.${job.state}`), jobResult(t, job)].filter((part) => part !== '').join(' · ')

/** A line of a job's log in words; a code that has none yet says what it knows. */
export function logLineText(t: TFunction, { code, detail }: Pick<JobLogLine, 'code' | 'detail'>): string {
  const words = detail as Record<string, unknown>
  const told = said(`jobLog.${code}`, { ...spoken(words), ...contextOf(code, words) })
  if (told !== undefined) return told
  const known = i18next.exists(`problem.${code}`)
  const what = known ? explain({ code, detail: text(words['detail']) }) : plainly(code, words)
  const who = text(words['name']) || text(words['employeeId'])
  return known && who !== '' ? t('jobLog.about', { who, what }) : what
}

/** The lines that say more where more is known, and what that is. */
const FULLER: Readonly<Record<string, string>> = {
  'reupload.asked': 'people',
  'reupload.part_asked': 'theirs',
  'reupload.part_done': 'theirs',
  'gapCheck.not_supported': 'reported',
}

function contextOf(code: string, words: Record<string, unknown>): { context?: string } {
  const key = FULLER[code]
  return key !== undefined && typeof words[key] === 'number' ? { context: key } : {}
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

const plainly = (code: string, words: Record<string, unknown>): string =>
  [code, ...Object.entries(words).map(([key, value]) => `${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)].join(' · ')

const names = (value: unknown): string => (Array.isArray(value) ? value.join(i18next.t('picker.and')) : '')

/** Why a rule did something: “in by 生产部, out by 保密组”. */
const whyText = (why: Record<string, unknown>): string =>
  said(`rule.why.${text(why['code'])}`, { in: names(why['in']), out: names(why['out']) }) ?? text(why['code'])

/** Numbers as they are written, codes in words; what is counted stays a number, since it decides the form. */
function spoken(values: Record<string, unknown>): Record<string, unknown> {
  const shown = Object.entries(values).map(([key, value]): [string, unknown] => {
    if (typeof value === 'number' && key !== 'count') return [key, number(value)]
    if (key === 'why' && isRecord(value)) return [key, whyText(value)]
    if ((key === 'way' || key === 'next') && typeof value === 'string') return [key, said(`jobLog.way.${value}`) ?? value]
    if (key === 'trigger' && typeof value === 'string') return [key, said(`jobLog.trigger.${value}`) ?? value]
    if (Array.isArray(value)) return [key, value.join(i18next.t('picker.and'))]
    if ((key === 'reason' || key === 'code') && typeof value === 'string') return [key, explain({ code: value, detail: text(values['detail']) })]
    return [key, value]
  })
  const { from, to } = values
  if (typeof from === 'string' && typeof to === 'string') shown.push(['span', spanText(from, to)])
  const counted = values['count'] ?? values['entries']
  return { ...Object.fromEntries(shown), ...(typeof counted === 'number' ? { count: counted } : {}) }
}
