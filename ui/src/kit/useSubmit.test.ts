import { expect, it } from 'vitest'
import { ApiProblem, UNREACHABLE } from '../api/problem'
import { attempts, type Standing } from './useSubmit'

/** Everything that is said about some tries, one after another. */
async function said(...tries: (() => Promise<unknown>)[]): Promise<Standing[]> {
  const standings: Standing[] = []
  const attempt = attempts((now) => void standings.push(now))
  for (const work of tries) await attempt(work)
  return standings
}

const TAKEN = new ApiProblem(409, 'shift.name_taken', 'there is another one')

it('is busy while it is being done, and has nothing to say when it is', async () => {
  expect(await said(() => Promise.resolve('done'))).toEqual([
    { busy: true, problem: null },
    { busy: false, problem: null },
  ])
})

it('keeps why it was refused', async () => {
  const standings = await said(() => Promise.reject(TAKEN))
  expect(standings.at(-1)).toEqual({ busy: false, problem: TAKEN })
})

it('forgets at the next try why the one before was refused', async () => {
  const standings = await said(() => Promise.reject(TAKEN), () => Promise.resolve())
  expect(standings.map(({ problem }) => problem)).toEqual([null, TAKEN, null, null])
})

it('has a problem of no answer in the same words as one of an answer', async () => {
  const { problem } = (await said(() => Promise.reject(new TypeError('network')))).at(-1) ?? {}
  expect(problem).toBeInstanceOf(ApiProblem)
  expect(problem?.code).toBe(UNREACHABLE)
})

it('does nothing after the step that failed', async () => {
  let closed = false
  await said(async () => {
    await Promise.reject(TAKEN)
    closed = true
  })
  expect(closed).toBe(false)
})

it('is not done a second time while it is on its way, and can be again afterwards', async () => {
  const begun: (() => void)[] = []
  const attempt = attempts(() => undefined)
  const work = () => new Promise<void>((resolve) => void begun.push(resolve))
  const first = attempt(work)
  await attempt(work)
  expect(begun).toHaveLength(1)
  begun[0]?.()
  await first
  void attempt(work)
  expect(begun).toHaveLength(2)
})
