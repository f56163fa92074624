import { describe, expect, it } from 'vitest'
import { asProblem, problemFrom, UNEXPECTED, UNREACHABLE } from './problem'

describe('problemFrom', () => {
  it('reads problem+json with its fields', () => {
    const problem = problemFrom(422, { code: 'machine.sn_empty', detail: 'empty', fields: [{ pointer: '/sn', code: 'machine.sn_empty', detail: 'empty' }] })
    expect(problem).toMatchObject({ status: 422, code: 'machine.sn_empty', detail: 'empty' })
    expect(problem.field('sn')?.code).toBe('machine.sn_empty')
    expect(problem.field('name')).toBeUndefined()
  })

  it.each([[undefined], ['<html>'], [{}], [{ code: 7 }], [null]])('makes do with %j', (body) => {
    expect(problemFrom(502, body).code).toBe(UNEXPECTED)
    expect(problemFrom(401, body).code).toBe('auth.required')
  })

  it('survives fields of another shape', () => {
    expect(problemFrom(422, { code: 'x.y', fields: ['a', { pointer: 3 }] }).fields).toEqual([{ pointer: '', code: '', detail: '' }])
  })
})

it('silence is a problem with its own code', () => {
  expect(asProblem(new TypeError('Failed to fetch'))).toMatchObject({ status: 0, code: UNREACHABLE })
})
