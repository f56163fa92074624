import type { Locator } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { accessible, en, fill, screenshot, signIn } from './browser'
import { gbk } from './gbk'
import { button, machine, menu, page, setStage, site } from './stage'

setStage()

const SN = 'CQZ7000000001'
const SOON = { timeout: 60_000 }
interface Found<T> { items: T[]; total: number }
interface Punch { pin: string; source: string; name: string | null }

const punches = async (query = ''): Promise<Found<Punch>> => (await site.call('GET', `/api/punches?sn=${SN}&limit=500${query}`)) as Found<Punch>
const dialog = (): Locator => page.getByRole('dialog')
const days = (): Locator => page.getByRole('table', { name: en.gaps.title })
const figure = (label: string): Locator => dialog().locator('.figure').filter({ has: page.getByText(label, { exact: true }) }).locator('strong')
const figures = async (...labels: string[]): Promise<string[]> => Promise.all(labels.map((label) => figure(label).innerText()))
const job = (kind: keyof typeof en.jobs.kind): Locator => page.getByRole('region', { name: `${en.jobs.kind[kind]} · Main gate` })

/** A machine of five people with their numbers, two of whom are known here. */
async function fillTheSite(): Promise<void> {
  await site.call('POST', '/api/machines', { sn: SN, name: 'Main gate' })
  for (const [index, name] of ['王伟', '李娜'].entries()) await site.call('POST', '/api/employees', { id: `e${String(index + 1)}`, name })
  await site.call('POST', `/api/machines/${SN}/roster`, { entries: ['e1', 'e2'].map((employeeId, index) => ({ employeeId, pin: String(1001 + index), role: 'user' })) })
}

async function openPunches(view = ''): Promise<void> {
  await signIn(page, site)
  await page.goto(`${site.url}/machines/${SN}?tab=punches${view}`)
  await page.locator('.page-head').getByText(en.status.online).waitFor(SOON)
}

describe('days that lack punches', () => {
  it('are found by asking the machine, and sent again with one press', async () => {
    await fillTheSite()
    // Ten punches on each of three days, which went to another server.
    const gate = machine(SN, '--remembers', '3', '--results-first', '1', '--punches-repeated', '0.5')
    await openPunches()
    await page.getByText(en.gaps.title, { exact: true }).click()
    await page.getByText(en.gaps.never).waitFor()
    await button(en.gaps.check).click()
    await page.getByText('3 days lack punches').waitFor(SOON)
    expect(await days().getByText('10 missing', { exact: true }).count()).toBe(3)
    await accessible(page, 'gaps')
    await screenshot(page, 'gaps-found-en-light')
    await page.getByText(/^Lacking punches/).click()
    await expect.poll(() => days().getByRole('row').count()).toBe(4)

    // Somebody punches meanwhile.
    gate.punch('1001')
    await button('Re-upload 3 days').click()
    await job('reupload').getByText('30 came').waitFor(SOON)
    await page.getByText('3 days lack punches').waitFor({ state: 'detached' })
    await button(en.action.clearFilters).click()
    await expect.poll(() => days().getByText(en.gaps.verdict.agrees).count(), SOON).toBeGreaterThanOrEqual(3)
    await accessible(page, 'gaps, filled')
    await screenshot(page, 'gaps-filled-en-light')
    await expect.poll(async () => (await punches()).items.map(({ source }) => source).toSorted(), SOON).toEqual(['live', ...Array.from({ length: 30 }, () => 'reupload')])
    await job('reupload').getByRole('button', { name: en.jobs.log }).click()
    await dialog().getByText(/^Done: 30 came; 30 new, 0 here before, 0 of others,/).waitFor()
    await screenshot(page, 'reupload-log-en-light')
  })

  it('cannot be told of a machine that does not count, which is said, with what to do', async () => {
    await fillTheSite()
    machine(SN, '--remembers', '2', '--habit', 'only-check')
    await openPunches('&view=gaps')
    await button(en.gaps.check).click()
    await page.getByText(en.gaps.unsupported).waitFor(SOON)
    await accessible(page, 'gaps, uncountable')
    await screenshot(page, 'gaps-uncountable-en-light')
    await button(en.gaps.someDays).click()
    await dialog().getByRole('button', { name: en.reupload.submit, exact: true }).click()
    await dialog().getByText(/20 came/).waitFor(SOON)
    expect(await figures(en.reupload.count.received, en.reupload.count.new)).toEqual(['20', '20'])
    expect((await punches()).total).toBe(20)
  })
})

describe('a re-upload', () => {
  it('of some people counts each punch once, and is found again under the jobs', async () => {
    await fillTheSite()
    machine(SN, '--remembers', '2')
    await openPunches()
    await button(en.reupload.action).click()
    await accessible(page, 'reupload')
    await screenshot(page, 'reupload-en-light')
    await dialog().getByText(en.reupload.some).click()
    await dialog().getByRole('button', { name: en.reupload.choose }).click()
    const picker = page.getByRole('dialog', { name: en.reupload.whose })
    await picker.getByRole('button', { name: '李娜' }).first().click()
    await picker.getByRole('button', { name: en.picker.take }).click()
    await dialog().getByText('1 person').waitFor()
    await accessible(page, 'reupload, some people')
    await dialog().getByRole('button', { name: en.reupload.submit, exact: true }).click()
    await dialog().getByText(new RegExp(`^${en.jobs.state.done}`)).waitFor(SOON)
    expect(await figures(...Object.values(en.reupload.count))).toEqual(['20', '4', '0', '16', '0', '0'])
    await dialog().getByText(fill(en.reupload.holds, { theirs: 20 })).waitFor()
    await accessible(page, 'reupload, done')
    await screenshot(page, 'reupload-done-en-light')
    expect((await punches()).total).toBe(20)

    // Once more: nothing is doubled.
    await dialog().getByRole('button', { name: en.reupload.again }).click()
    await dialog().getByText(en.reupload.everyone).click()
    await dialog().getByRole('button', { name: en.reupload.submit, exact: true }).click()
    await dialog().getByText(new RegExp(`^${en.jobs.state.done}`)).waitFor(SOON)
    expect(await figures(...Object.values(en.reupload.count))).toEqual(['20', '0', '20', '0', '0', '0'])
    expect((await punches()).total).toBe(20)
    await dialog().getByRole('button', { name: en.action.close }).last().click()
    await menu(en.nav.jobs).click()
    await page.getByRole('cell', { name: en.jobs.kind.reupload }).nth(1).waitFor()
    await page.getByRole('cell', { name: '20 came · 4 new · 16 of others' }).waitFor()
    await accessible(page, 'jobs with re-uploads')
  })

  it('waits for a machine that is away, and can be given up; a disabled one is not asked', async () => {
    await fillTheSite()
    await signIn(page, site)
    await page.goto(`${site.url}/machines`)
    await button(fill(en.action.more, { name: 'Main gate' })).click()
    await page.getByRole('menuitem', { name: en.reupload.action }).click()
    await dialog().getByText(en.reupload.waits).waitFor()
    await dialog().getByRole('button', { name: en.reupload.submit, exact: true }).click()
    await dialog().getByText(new RegExp(`^${en.jobs.waiting}`)).waitFor()
    await screenshot(page, 'reupload-waits-en-light')
    await dialog().getByRole('button', { name: new RegExp(`^${en.jobs.cancel}: `) }).click()
    await dialog().getByText(new RegExp(`^${en.jobs.state.cancelled}`)).waitFor()
    await dialog().getByRole('button', { name: en.action.close }).last().click()
    await site.call('PATCH', `/api/machines/${SN}`, { enabled: false })
    await page.getByRole('row').filter({ hasText: en.status.disabled }).waitFor()
    await button(fill(en.action.more, { name: 'Main gate' })).click()
    await page.getByRole('menuitem', { name: en.reupload.action, disabled: true }).waitFor()
  })
})

const STICK = `\uFEFF     1001\t2026-11-02 08:00:11\t1\t0\t1\t0\r\n     1002\t2026-11-02 08:01:11\t1\t0\t1\t0\r\n     1002\t2026-11-02 08:01:11\t1\t0\t1\t0\r\n     77\t2026-11-02 08:02:11\t1\t0\t1\t0\r\nworn out\r\n`
const TABLE = '人,打卡时间,备注\r\n1001,2026-11-02 08:00:11,在U盘里\r\n1002,2026-11-02 17:31:00,\r\n1002,昨天,\r\n'
const choose = (name: string, buffer: Buffer) => page.locator('input[data-import]').setInputFiles({ name, mimeType: 'application/octet-stream', buffer })

describe('a file of punches', () => {
  it('from a stick or a table is looked through, then taken in once', async () => {
    await fillTheSite()
    await signIn(page, site)
    await page.goto(`${site.url}/machines/${SN}?tab=punches`)
    await button(en.punchFile.action).click()
    await accessible(page, 'punch file')
    await screenshot(page, 'punch-file-en-light')
    await choose('1_attlog.dat', Buffer.from(STICK))
    await dialog().getByText('1 line cannot be read').waitFor()
    expect(await figures(...Object.values(en.punchFile.count))).toEqual(['5', '3', '1', '1', '1'])
    await dialog().getByText(fill(en.punchFile.badRow, { row: 5, why: en.problem.punch.time_missing })).waitFor()
    await accessible(page, 'punch file, looked through')
    await screenshot(page, 'punch-file-checked-en-light')
    expect((await punches()).total, 'a look changes nothing').toBe(0)
    await dialog().getByRole('button', { name: 'Import 3 punches' }).click()
    await dialog().getByText('3 new punches were imported.').waitFor()
    expect((await punches()).items.map(({ source, name }) => `${source} ${String(name)}`).toSorted()).toEqual(['file null', 'file 李娜', 'file 王伟'])

    // A table whose heading nobody knows: it is said which column is whose number.
    await dialog().getByRole('button', { name: en.punchFile.otherFile }).click()
    await choose('打卡.csv', gbk(TABLE))
    await dialog().getByText(en.problem.punch_file.no_column).waitFor()
    const number = page.getByRole('combobox', { name: fill(en.importing.becomesOf, { header: '人' }) })
    await number.fill(en.punchFile.column.pin)
    await page.keyboard.press('Enter')
    await accessible(page, 'punch file, columns')
    await screenshot(page, 'punch-file-columns-en-light')
    await dialog().getByRole('button', { name: en.punchFile.check }).click()
    await dialog().getByText(fill(en.punchFile.badRow, { row: 4, why: en.problem.punch.time_unreadable })).waitFor()
    expect(await figures(...Object.values(en.punchFile.count))).toEqual(['3', '1', '1', '0', '1'])
    await dialog().getByRole('button', { name: 'Import 1 punch' }).click()
    await dialog().getByText('1 new punch was imported.').waitFor()
    await accessible(page, 'punch file, taken in')
    expect((await punches()).total).toBe(4)
    await dialog().getByRole('button', { name: en.action.close }).last().click()
    await page.getByRole('cell', { name: '2026-11-02 17:31:00' }).waitFor()
    await menu(en.nav.jobs).click()
    await page.getByRole('tab', { name: en.audit.title }).click()
    await page.getByRole('cell', { name: en.auditWhat.punchFile.import }).first().waitFor()
  })
})
