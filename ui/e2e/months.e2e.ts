import { join } from 'node:path'
import { SCREENS } from './browser'
import { fillTheDay } from './day'
import { lookAt, type Look } from './look'
import { dateAt, fillTheMonth } from './month'

/** Attendance after two months, as it is read, questioned, decided and handed on. */
const PAGES: readonly Look[] = [
  ['attendance-days', `/attendance/days?date=${dateAt(1)}`, (page) => page.getByRole('row').nth(3).waitFor()],
  ['attendance-day', '/attendance/sheet', async (page) => {
    await page.locator('.sheet-cell .mark-late').first().click()
    await page.getByRole('dialog').locator('.timeline').waitFor()
  }],
  ['attendance-day-more', '/attendance/sheet', async (page, texts) => {
    await page.locator('.sheet-cell .mark-late.lifted').first().click()
    await page.getByRole('dialog').getByRole('region', { name: texts.correction.title }).scrollIntoViewIfNeeded()
  }],
  ['attendance-correct', `/attendance/exceptions?from=${dateAt(40)}`, async (page, texts) => {
    await page.getByRole('row').nth(3).locator('.link-button').click()
    await page.getByRole('dialog').getByRole('button', { name: texts.correction.add }).click()
    await page.getByRole('dialog').getByText(texts.correction.hint).waitFor()
  }],
  ['attendance-ask-again', `/attendance/exceptions?from=${dateAt(40)}`, async (page, texts) => {
    await page.getByRole('row').nth(3).getByRole('button', { name: texts.exceptions.askAgain }).click()
    await page.getByRole('dialog').locator('.day-list li').first().waitFor()
  }],
  ['attendance-today', '/attendance/days', (page, texts) => page.getByText(texts.attendance.status.rest).or(page.getByRole('row').nth(1)).first().waitFor()],
  ['attendance-sheet', '/attendance/sheet', (page) => page.getByRole('rowheader').nth(3).waitFor()],
  ['attendance-sheet-chart', '/attendance/sheet?chart=1', (page) => page.locator('.stack-normal').nth(3).waitFor()],
  ['attendance-exceptions', `/attendance/exceptions?from=${dateAt(40)}`, (page) => page.getByRole('row').nth(3).waitFor()],
  ['attendance-appeals', '/attendance/appeals', (page) => page.getByRole('row').nth(2).waitFor()],
  ['attendance-appeal', '/attendance/appeals', async (page) => {
    await page.getByRole('row').nth(1).locator('.link-button').click()
    await page.getByRole('dialog').locator('.day-verdict').waitFor()
  }],
  ['attendance-appeals-approved', '/attendance/appeals?state=approved', (page) => page.getByRole('row').nth(1).waitFor()],
  ['attendance-raise', `/attendance/exceptions?from=${dateAt(40)}&mark=missingOut`, async (page, texts) => {
    // Of somebody nobody has asked for yet: for whom the site asked depends on which days were judged by then.
    await page.getByRole('row').getByRole('button', { name: texts.appeal.raise, disabled: false }).first().click()
    await page.getByRole('dialog').getByLabel(texts.appeal.reason).waitFor()
  }],
  ['attendance-decide', '/attendance/appeals', async (page, texts) => {
    await page.getByRole('row').nth(1).getByRole('checkbox').check()
    await page.getByRole('row').nth(2).getByRole('checkbox').check()
    await page.getByRole('toolbar').getByRole('button', { name: texts.appeal.reject }).click()
    await page.getByRole('dialog').locator('.asked-list li').nth(1).waitFor()
  }],
  ['attendance-lock', '/attendance/sheet', async (page, texts) => {
    await page.getByRole('button', { name: texts.lock.lock, exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: texts.lock.lock, exact: true }).click()
    await page.getByRole('dialog').getByRole('alert').waitFor()
  }],
  // A page to look at as well: `attendance-sheet-….pdf`.
  ['attendance-paper', '/attendance/sheet', async (page, texts) => {
    await page.getByRole('rowheader').nth(3).waitFor()
    await page.evaluate(() => { globalThis.print = () => undefined })
    await page.getByRole('button', { name: texts.paper.print }).click()
    await page.locator('.print-sheet tbody tr').nth(10).waitFor({ state: 'attached' })
    await page.pdf({ preferCSSPageSize: true, printBackground: true, path: join(SCREENS, `attendance-sheet-${texts.nav.people === '人员' ? 'zh-CN' : 'en'}.pdf`) })
    await page.locator('.print-sheet').waitFor({ state: 'detached' })
  }],
  ['attendance-recompute', '/attendance/sheet', async (page, texts) => {
    await page.getByRole('button', { name: texts.recompute.start, exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: texts.recompute.start, exact: true }).waitFor()
  }],
  ['attendance-person', '/people?person=e2', async (page) => {
    await page.locator('.month-grid').scrollIntoViewIfNeeded()
    await page.locator('.month-day').nth(5).waitFor()
  }],
]

lookAt(PAGES, async (site) => {
  await fillTheDay(site)
  await fillTheMonth(site)
})
