import { expect, it } from 'vitest'
import { ApiProblem, UNREACHABLE } from '../api/problem'
import { attempt, type Standing } from './useSubmit'

/** Everything that is said about one try, with what a try before it had left. */
async function said(work: () => Promise<unknown>): Promise<Standing[]> {
  const standings: Standing[] = []
  await attempt(work, (now) => void standings.push(now))
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
  const standings = [...(await said(() => Promise.reject(TAKEN))), ...(await said(() => Promise.resolve()))]
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
