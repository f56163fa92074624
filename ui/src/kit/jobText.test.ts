import { expect, it } from 'vitest'
import { textsIn } from '../i18n/forTests'
import { jobOutcome, jobTitle, logLineText, progressText } from './jobText'

it.each([
  ['en', 'running', 1200, 5000, '1,200 of 5,000'],
  ['en', 'waiting', 0, 5000, 'waits for the machine · 0 of 5,000'],
  ['en', 'waiting', 0, 0, 'waits for the machine'],
  ['en', 'running', 0, 0, 'Running'],
  ['zh-CN', 'running', 1200, 5000, '1,200 / 5,000'],
] as const)('%s %s %i/%i', async (language, state, done, total, text) => {
  expect(progressText(await textsIn(language), { state, progress: { done, total } })).toBe(text)
})

it('says what a job did, and nothing it does not understand', async () => {
  const t = await textsIn('en')
  expect(jobOutcome(t, { state: 'done', result: { synced: 3, failed: 1, retried: 4 } as never })).toBe('Done · 3 synced · 1 failed')
  expect(jobOutcome(t, { state: 'done', result: { synced: 0, failed: 0 } as never })).toBe('Done · nothing to do')
  expect(jobOutcome(t, { state: 'needsConfirmation', result: { added: 0, hit: 8, entries: 12 } as never })).toBe('Needs a yes · would delete or disable 8 of 12')
  expect(jobOutcome(t, { state: 'cancelled', result: null })).toBe('Cancelled')
})

it('names a job, and a kind it does not know as the service does', async () => {
  await textsIn('en')
  expect(jobTitle({ kind: 'rosterSync', sn: 'A1', machineName: 'Gate' })).toBe('Sync people · Gate')
  expect(jobTitle({ kind: 'tidyUp', sn: null, machineName: null })).toBe('tidyUp')
})

it('says a line of the log in words', async () => {
  const t = await textsIn('en')
  expect(logLineText(t, { code: 'sync.asked', detail: { entries: 1 } as never })).toBe('1 entry differs and is to be sent.')
  expect(logLineText(t, { code: 'machine.no_space', detail: { employeeId: 'e7', detail: '' } as never })).toMatch(/^e7: The machine is full\./)
  expect(logLineText(t, { code: 'some.thing', detail: { left: 2 } as never })).toBe('some.thing · left: 2')
})
