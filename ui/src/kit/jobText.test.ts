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

it('says how many punches came, even when none did, and what they were', async () => {
  const t = await textsIn('en')
  const counts = { asked: 3, received: 1200, new: 12, known: 1188, others: 0, repeated: 4, rejected: 0, before: 1200, after: null }
  expect(jobOutcome(t, { state: 'done', result: counts as never })).toBe('Done · 1200 came · 12 new · 1188 here before · 4 came twice')
  expect(jobOutcome(t, { state: 'done', result: { received: 0, new: 0 } as never })).toBe('Done · 0 came')
})

it('says which days lack punches, or that a machine does not count', async () => {
  const t = await textsIn('en')
  expect(jobOutcome(t, { state: 'done', result: { days: 3, missing: [], supported: true, reuploadJobId: null } as never })).toBe('Done · 3 days agree')
  expect(jobOutcome(t, { state: 'done', result: { days: 3, missing: ['2026-07-01'], supported: true, reuploadJobId: 7 } as never })).toBe('Done · 1 day lacks punches · has them sent again')
  expect(jobOutcome(t, { state: 'done', result: { days: 0, missing: [], supported: false, reuploadJobId: null } as never })).toBe('Done · the machine does not count by day')
})

it.each([
  ['reupload.asked', { from: '2026-07-01', to: '2026-07-03', days: 3, people: null }, 'Asked for 2026-07-01 – 2026-07-03, everybody’s punches.'],
  ['reupload.asked', { from: '2026-07-01', to: '2026-07-01', days: 1, people: 2 }, 'Asked for 2026-07-01, the punches of 2 people; what comes of others is stored and counted apart.'],
  ['reupload.begun', { way: 'check', parts: 1 }, 'The machine has called and is asked: all of its memory from the beginning.'],
  ['reupload.part_done', { from: '2026-07-01 00:00:00', to: '2026-07-01 23:59:59', received: 5, theirs: null, code: 0 }, '2026-07-01: 5 came.'],
  ['reupload.part_done', { from: '2026-07-06 00:00:00', to: '2026-07-06 09:00:00', received: 5, theirs: 6, code: 0 }, '2026-07-06 00:00:00 – 09:00:00: 5 of 6 came.'],
  ['reupload.outside', { count: 1 }, 'It sent 1 punch of another time as well, which is stored and not counted.'],
  ['gapCheck.not_supported', { reported: null, held: 12 }, 'The machine does not say how many punches it holds of a day. 12 are here in all.'],
  ['gapCheck.not_supported', { reported: 1300, held: 12 }, 'The machine does not say how many punches it holds of a day. In all it reports 1,300; 12 are here.'],
])('%s %j', async (code, detail, text) => {
  expect(logLineText(await textsIn('en'), { code, detail: detail as never })).toBe(text)
})

it('says what a machine answered in words and with its number', async () => {
  const t = await textsIn('en')
  const detail = { from: '2026-07-01 00:00:00', to: '2026-07-01 23:59:59', reason: 'machine.unknown_command', code: -1, way: 'query', next: 'check' }
  expect(logLineText(t, { code: 'reupload.next_way', detail: detail as never })).toMatch(/^2026-07-01: it answered -1\. The machine does not know .+ Now it is asked: all of its memory from the beginning\.$/)
})
