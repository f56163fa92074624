import type { Locator } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { accessible, en, fill, screenshot, signIn } from './browser'
import { button, machine, menu, page, setStage, site } from './stage'

setStage()

const SN = 'CQZ7000000001'
const SOON = { timeout: 60_000 }
interface Found<T> { items: T[]; total: number }
interface Entry { name: string; state: string; enabled: boolean; source: string }

const entries = async (): Promise<Entry[]> => ((await site.call('GET', `/api/machines/${SN}/roster`)) as Found<Entry>).items
const names = async (): Promise<string[]> => (await entries()).map(({ name, state }) => `${name} ${state}`).toSorted()
const dialog = (): Locator => page.getByRole('dialog')

async function fillTheSite(people: readonly (readonly [name: string, department: string])[]): Promise<void> {
  for (const [id, name] of [['d1', '生产部'], ['d2', '办公室']]) await site.call('POST', '/api/departments', { id, name })
  await site.call('POST', '/api/departments', { id: 'd3', name: '保密组', parentId: 'd1' })
  for (const [index, [name, departmentId]] of people.entries()) {
    await site.call('POST', '/api/employees', { id: `e${String(index + 1)}`, name, departmentId, fields: { employeeNumber: String(1001 + index) } })
  }
  await site.call('POST', '/api/machines', { sn: SN, name: 'Main gate' })
  await site.call('PUT', `/api/machines/${SN}/number-mapping`, { enabled: true, field: 'employeeNumber' })
}

async function openRule(): Promise<void> {
  await signIn(page, site)
  await page.goto(`${site.url}/machines/${SN}?tab=rule`)
  await page.getByRole('heading', { name: en.rule.title, exact: true }).waitFor()
}

const preview = (): Locator => page.getByRole('region', { name: en.rule.preview })
const line = (name: string): Locator => preview().getByRole('listitem').filter({ hasText: name })

describe('a dispatch rule', () => {
  it('puts on the machine whom its scope means, and syncs them by itself', async () => {
    await fillTheSite([['王伟', 'd1'], ['李娜', 'd1'], ['张敏', 'd3'], ['刘洋', 'd2']])
    machine(SN)
    await openRule()
    await page.getByRole('switch', { name: en.rule.switch }).click()
    await button(en.rule.choose).click()
    await dialog().getByRole('tab', { name: en.picker.tab.department }).click()
    await dialog().getByRole('button', { name: fill(en.picker.includeName, { name: '生产部' }) }).click()
    await dialog().getByText('3 people are in scope').waitFor()
    await dialog().getByRole('tab', { name: en.picker.tab.employee }).click()
    await dialog().getByRole('button', { name: fill(en.picker.excludeName, { name: '李娜' }) }).click()
    await dialog().getByText('2 people are in scope').waitFor()
    await dialog().getByRole('combobox', { name: en.picker.whyAsk }).fill('李娜')
    await page.getByRole('option', { name: /李娜/ }).waitFor({ state: 'attached' })
    await page.keyboard.press('Enter')
    await dialog().getByText(fill(en.picker.why.excluded, { in: '生产部', out: '李娜' })).waitFor()
    await accessible(page, 'picker with two sides')
    await screenshot(page, 'picker-sides-en-light')
    await dialog().getByRole('button', { name: en.picker.take }).click()
    // What would happen is said before it is saved.
    await preview().getByText(fill(en.rule.count.add, { count: 2 })).waitFor()
    await line('王伟').getByText(fill(en.rule.why.inScope, { in: '生产部' })).waitFor()
    await page.getByRole('switch', { name: en.rule.sync }).click()
    await accessible(page, 'rule')
    await screenshot(page, 'rule-unsaved-en-light')
    await page.getByRole('form').or(page.locator('form')).first().getByRole('button', { name: en.action.save }).click()
    await page.getByText(en.rule.saved).waitFor()
    await expect.poll(names, SOON).toEqual(['张敏 synced', '王伟 synced'].toSorted())
    // Whoever joins the department comes along by themselves.
    await site.call('PATCH', '/api/employees/e4', { departmentId: 'd3' })
    await expect.poll(names, SOON).toEqual(['刘洋 synced', '张敏 synced', '王伟 synced'].toSorted())
    // Taken off by hand they would come back: excluded with it they do not.
    await page.getByRole('tab', { name: /^People/ }).click()
    await page.getByRole('checkbox', { name: fill(en.kit.selectRow, { name: '刘洋' }) }).check()
    await page.getByRole('toolbar').getByRole('button', { name: en.action.remove }).click()
    await dialog().getByText('The dispatch rule would add 1 of them again').waitFor()
    await accessible(page, 'remove somebody the rule has put there')
    await screenshot(page, 'roster-remove-en-light')
    await dialog().getByRole('button', { name: en.action.remove }).click()
    await expect.poll(names, SOON).toEqual(['张敏 synced', '王伟 synced'].toSorted())
    const rule = (await site.call('GET', `/api/machines/${SN}/dispatch-rule`)) as { exclude: { id: string }[] }
    expect(rule.exclude.map(({ id }) => id).toSorted()).toEqual(['e2', 'e4'])
  })

  it('is held by the brake, asks, and goes on after a yes', async () => {
    const people = Array.from({ length: 12 }, (_, index) => [`员工${String(index + 1).padStart(2, '0')}`, index < 4 ? 'd1' : 'd2'] as const)
    await fillTheSite(people)
    await site.call('POST', `/api/machines/${SN}/roster`, { entries: people.map((_, index) => ({ employeeId: `e${String(index + 1)}` })) })
    await site.call('PUT', `/api/machines/${SN}/dispatch-rule`, { enabled: true, include: [{ kind: 'department', id: 'd1' }], exclude: [], outOfScope: 'disable', runAt: '02:00', syncToMachine: false })
    await openRule()
    await preview().getByText(/8 of 12 people \(67 %\)/).waitFor()
    await preview().getByText(fill(en.rule.kind.disable, {}), { exact: false }).first().waitFor()
    await accessible(page, 'rule with brake')
    await screenshot(page, 'rule-brake-en-light')
    // A run without a yes stops, whoever asked for it.
    await site.call('POST', `/api/machines/${SN}/dispatch-rule/run`, {})
    await page.getByRole('button', { name: new RegExp(`^${en.jobs.confirm}: `) }).first().waitFor(SOON)
    expect((await entries()).every(({ enabled }) => enabled)).toBe(true)
    await menu(en.nav.overview).click()
    await page.getByText(en.jobs.waitsForYes).waitFor()
    await menu(en.nav.jobs).click()
    await page.getByRole('cell', { name: en.jobs.state.needsConfirmation, exact: true }).waitFor()
    await page.getByRole('button', { name: new RegExp(`^${en.jobs.log}: `) }).first().click()
    await dialog().getByText(/^Stopped: 8 of 12 people/).waitFor()
    await accessible(page, 'job that needs a yes')
    await screenshot(page, 'job-brake-en-light')
    await dialog().getByRole('button', { name: new RegExp(`^${en.jobs.confirm}: `) }).click()
    await expect.poll(async () => (await entries()).filter(({ enabled }) => !enabled).length, SOON).toBe(8)
    await dialog().getByText(en.jobs.state.done, { exact: false }).first().waitFor(SOON)
  })

  it('is copied to another machine, and run by hand with the yes given beforehand', async () => {
    const people = Array.from({ length: 12 }, (_, index) => [`员工${String(index + 1).padStart(2, '0')}`, index < 4 ? 'd1' : 'd2'] as const)
    await fillTheSite(people)
    await site.call('POST', '/api/machines', { sn: 'CQZ7000000002', name: 'Side door' })
    await site.call('POST', `/api/machines/${SN}/roster`, { entries: people.map((_, index) => ({ employeeId: `e${String(index + 1)}` })) })
    await site.call('PUT', `/api/machines/${SN}/dispatch-rule`, { enabled: true, include: [{ kind: 'department', id: 'd1' }], exclude: [], outOfScope: 'delete', runAt: '02:00', syncToMachine: false })
    await openRule()
    await button(en.rule.copy).click()
    await dialog().getByRole('checkbox', { name: 'Side door' }).check()
    await accessible(page, 'copy a rule')
    await dialog().getByRole('button', { name: 'Copy to 1 machine' }).click()
    await page.getByText('Copied to 1 machine.').waitFor()
    await expect.poll(async () => ((await site.call('GET', '/api/machines/CQZ7000000002/roster')) as Found<Entry>).items.map(({ name }) => name), SOON).toEqual(['员工01', '员工02', '员工03', '员工04'])
    await button(en.rule.run).click()
    await dialog().getByText(/8 of 12 people/).waitFor()
    await accessible(page, 'run a rule')
    await screenshot(page, 'rule-run-en-light')
    await dialog().getByRole('button', { name: en.rule.runAnyway }).click()
    await expect.poll(async () => (await entries()).length, SOON).toBe(4)
    await page.getByText(/deleted/).first().waitFor(SOON)
  })
})
