import { describe, expect, it } from 'vitest'
import { initials } from './initials'
import { byNumber, pastedNumbers } from './paste'
import { countIn, drop, needless, NOBODY, put, sideOf, toggle, verdict, type Target } from './selection'
import { nameMatches, organisation, pathText, treeRows, unitKey } from './tree'

const org = organisation(
  [
    { id: 'b1', name: '总部', parentId: null, employees: 9 },
    { id: 'b2', name: '苏州分部', parentId: 'b1', employees: 3 },
  ],
  [
    { id: 'd1', name: '生产部', parentId: null, branchId: 'b1', employees: 6 },
    { id: 'd2', name: '一车间', parentId: 'd1', branchId: 'b1', employees: 4 },
    { id: 'd3', name: '保密组', parentId: 'd2', branchId: 'b1', employees: 1 },
    { id: 'd4', name: '销售部', parentId: null, branchId: 'b2', employees: 3 },
    { id: 'd5', name: '外包', parentId: null, branchId: null, employees: 2 },
  ],
)
const department = (id: string, name: string): Target => ({ kind: 'department', id, name })
const person = (id: string, departmentId: string | null, branchId: string | null = null) => ({ id, departmentId, branchId })

describe('initials', () => {
  it.each([['生产一部', 'scyb'], ['重庆', 'zq'], ['R&D 研发中心2', 'rdyfzx2'], ['张敏', 'zm'], ['欧阳娜娜', 'oynn']])('%s → %s', (name, short) => {
    expect(initials(name)).toBe(short)
  })
  it('find a name', () => {
    expect(nameMatches('生产一部', 'SCY')).toBe(true)
    expect(nameMatches('生产一部', '一')).toBe(true)
    expect(nameMatches('生产一部', 'x')).toBe(false)
  })
})

describe('the tree', () => {
  it('puts everything where it belongs', () => {
    expect(org.roots.map(({ name }) => name)).toEqual(['外包', '总部'])
    expect(pathText(org.byKey.get('department:d3') as never)).toBe('总部 / 生产部 / 一车间 / 保密组')
  })
  it('shows what is expanded', () => {
    expect(treeRows(org, new Set(['branch:b1'])).map(({ unit, level }) => [unit.name, level])).toEqual([['外包', 1], ['总部', 1], ['生产部', 2], ['苏州分部', 2]])
  })
  it('shows what was found with the way to it', () => {
    expect(treeRows(org, new Set(), 'bmz').map(({ unit }) => unit.name)).toEqual(['总部', '生产部', '一车间', '保密组'])
    expect(treeRows(org, new Set(), '部', new Set(['branch'])).map(({ unit }) => unit.name)).toEqual(['总部', '苏州分部'])
  })
})

describe('a selection', () => {
  const workshop = department('d2', '一车间')
  it('has a target on one side only', () => {
    const chosen = put(NOBODY, 'include', [workshop, workshop])
    expect(chosen.include).toHaveLength(1)
    const moved = toggle(chosen, 'exclude', workshop)
    expect(sideOf(moved, workshop)).toBe('exclude')
    expect(moved.include).toEqual([])
    expect(toggle(moved, 'exclude', workshop)).toEqual(NOBODY)
    expect(drop(moved, workshop)).toEqual(NOBODY)
  })
  it('knows which targets say nothing new', () => {
    expect(needless(put(NOBODY, 'include', [department('d1', '生产部'), workshop]), 'include', org)).toEqual([workshop])
  })
})

describe('why somebody is in or out', () => {
  const selection = put(put(NOBODY, 'include', [department('d1', '生产部'), { kind: 'branch', id: 'b2', name: '苏州分部' }]), 'exclude', [department('d3', '保密组')])
  it.each([
    [person('e1', 'd2'), { code: 'inScope', in: ['生产部'], out: [] }],
    [person('e2', 'd3'), { code: 'excluded', in: ['生产部'], out: ['保密组'] }],
    [person('e3', 'd4'), { code: 'inScope', in: ['苏州分部'], out: [] }],
    [person('e4', null, 'b2'), { code: 'inScope', in: ['苏州分部'], out: [] }],
    [person('e5', 'd5'), { code: 'outOfScope', in: [], out: [] }],
  ])('%j', (who, why) => {
    expect(verdict(who, selection, org)).toEqual(why)
  })
  it('counts those that are in', () => {
    expect(countIn([person('e1', 'd2'), person('e2', 'd3'), person('e3', 'd4')], selection, org)).toBe(2)
  })
  it('names people', () => {
    const one = put(NOBODY, 'include', [{ kind: 'employee', id: 'e9', name: '李娜' }])
    expect(verdict(person('e9', null), one, org).in).toEqual(['李娜'])
    expect(unitKey('branch', 'b1')).toBe('branch:b1')
  })
})

describe('pasted numbers', () => {
  const people: { id: string; name: string; fields: Record<string, string> }[] = [
    { id: 'e1', name: '王伟', fields: { employeeNumber: '001001' } },
    { id: 'e2', name: '李娜', fields: { employeeNumber: '1002' } },
    { id: 'e3', name: '张敏', fields: { employeeNumber: '01002' } },
    { id: '77', name: '刘洋', fields: {} },
  ]
  it('are parted however they come', () => {
    expect(pastedNumbers(' 1001\n1002\t1003，1004、1001; ')).toEqual(['1001', '1002', '1003', '1004'])
  })
  it('find their people, and say which did not', () => {
    const { found, missing, several } = byNumber(['1001', '1002', '0077', '5', '2', '00001002'], people)
    expect(found.map(({ name }) => name)).toEqual(['王伟', '李娜', '刘洋'])
    expect(missing).toEqual(['5', '2'])
    expect(several).toEqual(['00001002'])
  })
})
