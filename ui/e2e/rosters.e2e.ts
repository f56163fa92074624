import type { Locator } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { accessible, en, fill, screenshot, signIn } from './browser'
import { button, field, machine, menu, page, setStage, site } from './stage'

setStage()

const SN = 'CQZ7000000001'
const SOON = { timeout: 60_000 }
interface Found<T> { items: T[]; total: number }
interface Entry { name: string; pin: string | null; state: string; enabled: boolean }

const entries = async (): Promise<Entry[]> => ((await site.call('GET', `/api/machines/${SN}/roster`)) as Found<Entry>).items
const states = async (): Promise<string[]> => (await entries()).map(({ state }) => state)
const row = (text: string): Locator => page.getByRole('table', { name: en.machine.tabPeople }).getByRole('row').filter({ hasText: text })
const dialog = (): Locator => page.getByRole('dialog')
const batch = (name: string): Locator => page.getByRole('toolbar').getByRole('button', { name, exact: true })

/** Two departments with people who have numbers, and a machine that knows nobody. */
async function fillTheSite(): Promise<void> {
  await site.call('POST', '/api/branches', { id: 'b1', name: '总部' })
  await site.call('POST', '/api/departments', { id: 'd1', name: '生产部', branchId: 'b1' })
  await site.call('POST', '/api/departments', { id: 'd2', name: '一车间', parentId: 'd1' })
  for (const [index, name] of ['王伟', '李娜', '张敏', '刘洋'].entries()) {
    await site.call('POST', '/api/employees', { id: `e${String(index + 1)}`, name, departmentId: index < 2 ? 'd1' : 'd2', fields: { employeeNumber: `K${String(index + 1)}`, mobile: String(1001 + index) } })
  }
  await site.call('POST', '/api/machines', { sn: SN, name: 'Main gate' })
}

async function openPeople(view = ''): Promise<void> {
  await signIn(page, site)
  await page.goto(`${site.url}/machines/${SN}?tab=people${view}`)
  await page.getByRole('heading', { name: 'Main gate', level: 1 }).waitFor()
}

/** Everybody is on the machine's list under the number of their mobile, and the machine has them. */
async function sync(): Promise<void> {
  await site.call('POST', `/api/machines/${SN}/roster`, { entries: ['e1', 'e2', 'e3', 'e4'].map((employeeId, index) => ({ employeeId, pin: String(1001 + index), role: index === 0 ? 'administrator' : 'user' })) })
  await site.call('POST', `/api/machines/${SN}/roster/sync`, {})
  await expect.poll(states, SOON).toEqual(['synced', 'synced', 'synced', 'synced'])
}

describe('people of a machine', () => {
  it('are chosen by department, numbered from a field, and synced', async () => {
    await fillTheSite()
    await openPeople()
    await page.getByText(en.roster.empty).waitFor()
    // A whole department with what is below, without one of them.
    await button(en.roster.add).first().click()
    await dialog().getByRole('tab', { name: en.picker.tab.department }).click()
    await dialog().getByRole('treeitem', { name: '生产部' }).getByText('生产部', { exact: true }).click()
    await dialog().getByText('4 people chosen').waitFor()
    await dialog().getByRole('button', { name: fill(en.roster.unpick, { name: '刘洋' }) }).click()
    await accessible(page, 'picker, departments')
    await screenshot(page, 'picker-departments-en-light')
    await dialog().getByRole('button', { name: 'Add 3 people' }).click()
    await row('张敏').waitFor()
    // And one by a pasted number.
    await button(en.roster.add).first().click()
    await button(en.picker.paste).click()
    await field(en.picker.pasteLabel).fill('K4\nK99')
    await accessible(page, 'picker, paste')
    await button(en.picker.pasteTake).click()
    await page.getByText(fill(en.picker.pasteMissing, { numbers: 'K99' })).waitFor()
    await dialog().getByRole('button', { name: 'Add 1 person' }).click()
    await row('刘洋').waitFor()
    expect((await entries()).map(({ pin }) => pin)).toEqual([null, null, null, null])

    // Their numbers are in a field: the gear in the head of the column says which.
    await button(en.mapping.title).click()
    await dialog().getByRole('switch').click()
    await dialog().getByRole('combobox', { name: en.mapping.field }).fill(en.field.mobile)
    await page.keyboard.press('Enter')
    await accessible(page, 'number mapping')
    await screenshot(page, 'mapping-en-light')
    await dialog().getByRole('button', { name: en.action.save }).click()
    await row('李娜').getByText('1002').waitFor()
    // The other door shows the same.
    await page.getByRole('tab', { name: en.machine.tabRule }).click()
    expect(await page.getByRole('switch', { name: en.mapping.switch }).isChecked()).toBe(true)

    machine(SN)
    await page.getByRole('tab', { name: /^People/ }).click()
    await page.locator('.page-head').getByText(en.status.online).waitFor(SOON)
    await button(en.sync.action).click()
    for (const name of ['王伟', '李娜', '张敏', '刘洋']) await row(name).getByText(en.rosterState.synced, { exact: true }).waitFor(SOON)
    await accessible(page, 'roster')
    await screenshot(page, 'machine-roster-synced-en-light')

    // A changed field is proposed, not taken.
    await site.call('PATCH', '/api/employees/e2', { fields: { mobile: '2002' } })
    await row('李娜').getByText(fill(en.mapping.proposal, { pin: '2002' })).waitFor()
    await button(fill(en.mapping.acceptOf, { name: '李娜', pin: '2002' })).click()
    await row('李娜').getByText('2002', { exact: true }).waitFor()
    expect((await entries()).find(({ name }) => name === '李娜')?.pin).toBe('2002')

    await menu(en.nav.jobs).click()
    await page.getByRole('cell', { name: en.jobs.kind.rosterSync }).first().waitFor()
    await accessible(page, 'jobs')
    await page.getByRole('button', { name: new RegExp(`^${en.jobs.log}: `) }).last().click()
    await dialog().getByText(fill(en.jobLog.sync.done, { synced: 4, failed: 0 })).waitFor()
    await accessible(page, 'job')
    await screenshot(page, 'job-en-light')
  })

  it('are disabled, enabled and given roles together', async () => {
    await fillTheSite()
    machine(SN)
    await sync()
    await openPeople()
    for (const name of ['李娜', '张敏']) await page.getByRole('checkbox', { name: fill(en.kit.selectRow, { name }) }).check()
    await accessible(page, 'batch')
    await batch(en.roster.disable).click()
    await row('李娜').getByText(en.roster.off, { exact: true }).waitFor()
    await button(en.sync.action).click()
    await expect.poll(async () => (await entries()).map(({ enabled, state }) => `${String(enabled)} ${state}`).toSorted(), SOON).toEqual(['false synced', 'false synced', 'true synced', 'true synced'])
    await page.getByRole('combobox', { name: en.roster.colEnabled }).click()
    await page.getByTitle(en.roster.off, { exact: true }).last().click()
    await row('王伟').waitFor({ state: 'detached' })
    await page.getByRole('checkbox', { name: en.kit.selectAll }).check()
    await batch(en.roster.enable).click()
    await page.getByText(en.kit.nothingFound).waitFor()
    await button(en.action.clearFilters).click()
    await page.getByRole('checkbox', { name: fill(en.kit.selectRow, { name: '李娜' }) }).check()
    await batch(en.roster.setRole).click()
    await page.getByRole('menuitem', { name: en.role.registrar }).click()
    await row('李娜').getByText(en.role.registrar).waitFor()
    await button(en.sync.action).click()
    await expect.poll(async () => (await entries()).map(({ enabled, state }) => `${String(enabled)} ${state}`), SOON).toEqual(Array.from({ length: 4 }, () => 'true synced'))
    await page.getByRole('checkbox', { name: fill(en.kit.selectRow, { name: '刘洋' }) }).check()
    await page.getByRole('checkbox', { name: fill(en.kit.selectRow, { name: '李娜' }) }).uncheck()
    await batch(en.action.remove).click()
    await dialog().getByRole('button', { name: en.action.remove }).click()
    await row('刘洋').waitFor({ state: 'detached', ...SOON })
  })
})

describe('a comparison', () => {
  it('finds who was enrolled at the machine, and gives them their punches', async () => {
    await fillTheSite()
    // An access machine whose memory holds three people nobody here has on the list.
    const gate = machine(SN, '--dialect', 'access')
    await openPeople('&view=compare')
    await page.locator('.page-head').getByText(en.status.online).waitFor(SOON)
    gate.punch('1003')
    await expect.poll(async () => ((await site.call('GET', '/api/punches?pin=1003')) as Found<unknown>).total, SOON).toBe(1)
    await page.getByRole('button', { name: en.compare.readAgain }).first().click()
    const table = page.getByRole('table', { name: en.compare.title })
    const stranger = table.getByRole('row').filter({ hasText: '王五' })
    await stranger.getByText(en.compare.kind.onlyThere).waitFor(SOON)
    await accessible(page, 'compare')
    await screenshot(page, 'compare-en-light')
    await stranger.getByRole('button', { name: new RegExp(`^${en.compare.action.claim}`) }).click()
    await dialog().getByRole('combobox', { name: en.punches.person }).fill('李')
    await page.getByRole('option', { name: /李娜/ }).waitFor({ state: 'attached' })
    await page.keyboard.press('Enter')
    await accessible(page, 'claim at a machine')
    await screenshot(page, 'compare-claim-en-light')
    await dialog().getByRole('button', { name: fill(en.punches.claimSubmit, { pin: '1003' }) }).click()
    await page.getByText(fill(en.punches.claimed, { pin: '1003', name: '李娜' })).waitFor()
    await expect.poll(async () => ((await site.call('GET', '/api/punches?pin=1003')) as Found<{ name: string | null }>).items[0]?.name).toBe('李娜')
    // The one who left long ago goes from the machine; the third becomes somebody new.
    await table.getByRole('row').filter({ hasText: 'Li Si' }).getByRole('button', { name: new RegExp(`^${en.compare.action.delete}`) }).click()
    await dialog().getByRole('button', { name: en.action.delete }).click()
    await table.getByRole('row').filter({ hasText: 'Li Si' }).waitFor({ state: 'detached', ...SOON })
    await page.getByRole('checkbox', { name: fill(en.kit.selectRow, { name: '张三' }) }).check()
    await batch(en.compare.batch.claim.replace('{{count}}', '1')).click()
    await expect.poll(async () => (await entries()).map(({ name }) => name).toSorted(), SOON).toEqual(['张三', '李娜'].toSorted())
  })
})

describe('somebody who left and is back', () => {
  it('takes the places of the old account', async () => {
    await fillTheSite()
    machine(SN)
    await sync()
    await signIn(page, site)
    await page.goto(`${site.url}/people?person=e2`)
    await dialog().getByRole('link', { name: 'Main gate' }).waitFor()
    await screenshot(page, 'person-machines-en-light')
    await button(en.people.rehire).click()
    const wizard = page.getByRole('dialog', { name: fill(en.rehire.title, { name: '李娜' }) })
    await accessible(page, 'rehire, old account')
    await wizard.getByRole('button', { name: en.action.next }).click()
    await wizard.getByLabel(en.people.id, { exact: true }).fill('e2b')
    await accessible(page, 'rehire, new account')
    await wizard.getByRole('button', { name: en.action.next }).click()
    await wizard.getByRole('cell', { name: '1002' }).waitFor()
    await accessible(page, 'rehire, machines')
    await screenshot(page, 'rehire-machines-en-light')
    await wizard.getByRole('button', { name: en.rehire.submit }).click()
    await wizard.getByText(fill(en.rehire.done, { name: '李娜' })).waitFor()
    await accessible(page, 'rehire, done')
    await screenshot(page, 'rehire-done-en-light')
    await expect.poll(async () => {
      const list = (await site.call('GET', `/api/machines/${SN}/roster`)) as Found<Entry & { employeeId: string }>
      return list.items.filter(({ pin }) => pin === '1002').map(({ employeeId, state }) => `${employeeId} ${state}`)
    }, SOON).toEqual(['e2b synced'])
    const old = (await site.call('GET', '/api/employees/e2')) as { leftOn: string | null }
    expect(old.leftOn).not.toBe(null)
  })
})
