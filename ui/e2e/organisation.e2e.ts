import type { Locator } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { accessible, en, fill, screenshot, signIn } from './browser'
import { button, field, menu, page, setStage, site } from './stage'

setStage()

interface Found<T> { items: T[]; total: number }
const tree = (): Locator => page.getByRole('tree', { name: en.org.title })
const unit = (name: string): Locator => tree().getByRole('treeitem', { name, exact: true })
const choose = async (label: string, typed: string): Promise<void> => {
  await page.getByRole('combobox', { name: label, exact: true }).fill(typed)
  await page.keyboard.press('Enter')
}

/** Opens the menu of a unit, or the one above the tree, and takes an item. */
async function order(of: string | null, item: string): Promise<void> {
  await button(of === null ? en.org.add : fill(en.action.more, { name: of })).click()
  await page.getByRole('menuitem', { name: item }).click()
}

async function call(text: string): Promise<void> {
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(en.people.name).fill(text)
  await page.keyboard.press('Enter')
  await dialog.waitFor({ state: 'detached' })
}

describe('the organisation', () => {
  it('is built, moved and cleared', async () => {
    await signIn(page, site)
    await menu(en.nav.people).click()
    await page.getByText(en.org.empty).waitFor()
    await order(null, en.org.addBranch)
    await call('总部')
    await order('总部', en.org.addDepartment)
    await call('生产部')
    await order('生产部', en.org.addDepartment)
    await accessible(page, 'add department')
    await call('一车间')
    await order(null, en.org.addDepartment)
    await call('外包')
    await accessible(page, 'organisation')
    // A person is put where the tree stands.
    await unit('一车间').getByText('一车间', { exact: true }).click()
    await page.getByRole('button', { name: en.people.add }).first().click()
    await field(en.people.name).fill('张敏')
    await button(en.action.add).click()
    await page.getByText(fill(en.people.added, { name: '张敏' })).waitFor()
    await page.getByRole('cell', { name: '一车间' }).waitFor()
    await expect.poll(() => unit('总部').innerText()).toContain('1')
    // What is not empty stays, and says why.
    await order('一车间', en.action.delete)
    await page.getByRole('dialog').getByRole('button', { name: en.action.delete }).click()
    await page.getByText(en.problem.department.not_empty).waitFor()
    await accessible(page, 'delete department')
    await page.getByRole('dialog').getByRole('button', { name: en.action.cancel }).click()
    // Moving takes everybody along.
    await order('一车间', en.org.edit)
    await choose(en.org.place, '外包')
    await page.getByRole('dialog').getByRole('button', { name: en.action.save }).click()
    await page.getByText(fill(en.org.changed, { name: '一车间' })).waitFor()
    await expect.poll(() => unit('外包').innerText()).toContain('1')
    await order('生产部', en.action.delete)
    await page.getByRole('dialog').getByRole('button', { name: en.action.delete }).click()
    await unit('生产部').waitFor({ state: 'detached' })
  })

  it('is walked by keyboard, and filters the people', async () => {
    await site.call('POST', '/api/branches', { id: 'b1', name: '总部' })
    await site.call('POST', '/api/departments', { id: 'd1', name: '生产部', branchId: 'b1' })
    await site.call('POST', '/api/employees', { id: 'e1', name: '李娜', departmentId: 'd1', fields: { employeeNumber: '1002' } })
    await site.call('POST', '/api/employees', { id: 'e2', name: '王伟' })
    await signIn(page, site)
    await page.goto(`${site.url}/people`)
    await unit('总部').focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.getByRole('cell', { name: '王伟', exact: true }).waitFor({ state: 'detached' })
    await page.getByRole('cell', { name: '李娜', exact: true }).waitFor()
    expect(new URL(page.url()).searchParams.get('unit')).toBe('department:d1')
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('ArrowLeft')
    await unit('生产部').waitFor({ state: 'detached' })
    await button(en.org.everybody).click()
    // By initials, as people type who know how a name sounds.
    await field(en.people.search).fill('ww')
    await page.getByRole('cell', { name: '李娜', exact: true }).waitFor({ state: 'detached' })
    await page.getByRole('cell', { name: '王伟', exact: true }).waitFor()
  })
})

describe('fields', () => {
  it('of the customer’s own are made and filled in', async () => {
    await site.call('POST', '/api/employees', { id: 'e1', name: '李娜' })
    await signIn(page, site)
    await page.goto(`${site.url}/people`)
    await button(en.people.fields).click()
    await button(en.fields.add).click()
    const form = page.getByRole('form', { name: en.fields.add })
    await form.getByLabel(en.fields.label, { exact: true }).fill('门禁号')
    await form.getByLabel(en.fields.key, { exact: true }).fill('1door')
    await button(en.action.add).click()
    await page.getByText(en.problem.field.key_invalid).waitFor()
    await accessible(page, 'fields')
    await screenshot(page, 'fields-en-light')
    await form.getByLabel(en.fields.key, { exact: true }).fill('door')
    await button(en.action.add).click()
    await page.getByText(fill(en.fields.added, { name: '门禁号' })).waitFor()
    await page.getByRole('dialog').getByText(en.action.close, { exact: true }).click()
    await button('李娜').click()
    await field('门禁号').fill('77')
    await button(en.action.save).click()
    await page.getByText(en.people.saved).waitFor()
    const list = (await site.call('GET', '/api/employees')) as Found<{ fields: Record<string, string> }>
    expect(list.items[0]?.fields).toEqual({ door: '77' })
  })
})
