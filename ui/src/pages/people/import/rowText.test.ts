import { expect, it } from 'vitest'
import { textsIn } from '../../../i18n/forTests'
import { doubled, mappingOf } from '../../../kit/matching'
import { enough } from './columns'
import { rowText } from './rowText'

const fields = [
  { key: 'mobile', label: '', type: 'text', group: 'basic', choices: [], system: true },
  { key: 'door', label: '门禁号', type: 'text', group: 'basic', choices: [], system: false },
] as const

it('says why a row is bad, with its column', async () => {
  await textsIn('zh-CN')
  const row = { code: 'field.not_a_date', detail: '入职日期: “x” is not a date', changes: [] }
  expect(rowText(row, ['姓名', '入职日期'], [], '无')).toMatch(/^入职日期: 这不是日期/)
  expect(rowText({ ...row, detail: 'something' }, ['姓名'], [], '无')).toMatch(/^这不是日期/)
})

it('says what a row changes, by the names of the fields', async () => {
  await textsIn('zh-CN')
  const changes = [
    { field: 'name', before: '王伟', after: '王维' },
    { field: 'mobile', before: null, after: '138' },
    { field: 'door', before: '7', after: null },
  ]
  expect(rowText({ code: null, detail: null, changes }, [], fields.map((field) => ({ ...field, choices: [] })), '无')).toBe('姓名: 王伟 → 王维 · 手机: 138 · 门禁号: 7 → 无')
})

it('matches columns, and says when that is not enough', () => {
  const mapping = mappingOf([{ header: '姓名', field: 'name' }, { header: '备注', field: null }])
  expect(mapping).toEqual({ 姓名: 'name', 备注: '' })
  expect(enough(mapping)).toBe(true)
  expect(enough({ 手机: 'mobile', 备注: '' })).toBe(false)
  expect(doubled({ a: 'name', b: 'name', c: '', d: '' })).toEqual(['name'])
})
