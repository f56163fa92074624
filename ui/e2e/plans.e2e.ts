import { fill } from './browser'
import { fillTheDay } from './day'
import { lookAt, type Look } from './look'
import { fillThePlan } from './plan'

/** Everything that is planned, at a site of its own: what was worked there is looked at in pages.e2e.ts. */
const PLANS: readonly Look[] = [
  ['shifts', '/attendance/shifts', (page) => page.locator('.shift-bar').nth(4).waitFor()],
  ['shift-form', '/attendance/shifts', async (page, texts) => {
    await page.getByRole('button', { name: fill(texts.shifts.edit, { name: '夜班' }) }).click()
    await page.locator('.shift-says li').nth(3).waitFor()
  }],
  ['rotations', '/attendance/shifts?view=rotations', (page) => page.locator('.step-line').first().waitFor()],
  ['rotation-form', '/attendance/shifts?view=rotations', async (page, texts) => {
    await page.getByRole('button', { name: fill(texts.shifts.edit, { name: '四班三运转' }) }).click()
    await page.locator('.two-weeks li').nth(13).waitFor()
  }],
  ['assignments', '/attendance/assignments', (page) => page.locator('.assignment-group').nth(4).waitFor()],
  ['assignments-person', '/attendance/assignments?person=e7', (page) => page.locator('.assignment-order .tag-good').first().waitFor()],
  ['assign', '/attendance/assignments', async (page, texts) => {
    await page.getByRole('button', { name: texts.assignments.add, exact: true }).click()
    await page.getByRole('dialog').getByText(texts.assignments.weekdaysHint).waitFor()
  }],
  ['assign-whom', '/attendance/assignments', async (page, texts) => {
    await page.getByRole('button', { name: texts.assignments.add, exact: true }).click()
    await page.getByRole('button', { name: texts.assignments.choose }).click()
    const dialog = page.getByRole('dialog').filter({ hasText: texts.assignments.nobody }).last()
    await dialog.getByRole('button', { name: '高翔' }).or(dialog.getByRole('button', { name: '何勇' })).first().click()
    await page.locator('.target-list li').first().waitFor()
  }],
  ['calendar', '/attendance/calendar?year=2026', (page) => page.locator('.calendar-list li').nth(8).waitFor()],
  ['calendar-day', '/attendance/calendar?year=2026', async (page) => {
    await page.locator('[data-date="2026-10-10"]').click()
    await page.getByRole('dialog').getByRole('radio').nth(2).waitFor()
  }],
  ['calendar-import', '/attendance/calendar?year=2026', async (page, texts) => {
    await page.getByRole('button', { name: texts.calendar.import }).click()
    await page.getByRole('button', { name: texts.calendar.check }).click()
    await page.locator('.calendar-days li').nth(4).waitFor()
  }],
  ['leave', '/attendance/leave', (page) => page.getByRole('row').nth(3).waitFor()],
  ['leave-form', '/attendance/leave', async (page, texts) => {
    await page.getByRole('button', { name: fill(texts.leaves.edit, { name: '陈静' }) }).click()
    await page.getByRole('dialog').getByLabel(texts.leaves.start).waitFor()
  }],
  ['schedule', '/attendance/schedule?date=2026-11-10', (page) => page.locator('.cell-works').nth(40).waitFor()],
  ['schedule-holidays', '/attendance/schedule?date=2026-10-10', (page) => page.locator('.cell-works').nth(40).waitFor()],
  ['schedule-week', '/attendance/schedule?date=2026-11-10&show=week', (page) => page.locator('.cell-works').nth(20).waitFor()],
  ['schedule-changed', '/attendance/schedule?date=2026-11-10', async (page, texts) => {
    await page.locator('.cell-works').nth(40).waitFor()
    await page.locator('#cell-1-13').click()
    await page.locator('#cell-3-17').click({ modifiers: ['Shift'] })
    await page.getByRole('group', { name: texts.grid.palette }).getByRole('button', { name: '夜班' }).click()
    await page.getByRole('list', { name: texts.grid.problems }).getByRole('listitem').nth(2).waitFor()
  }],
  ['schedule-keys', '/attendance/schedule?date=2026-11-10', async (page, texts) => {
    await page.getByRole('button', { name: texts.grid.keys.title }).click()
    await page.getByRole('dialog').getByText('Ctrl+V').waitFor()
  }],
  ['schedule-rotate', '/attendance/schedule?date=2026-11-10', async (page, texts) => {
    await page.locator('#cell-3-9').click()
    await page.locator('#cell-6-16').click({ modifiers: ['Shift'] })
    await page.getByRole('button', { name: texts.grid.rotate }).click()
    await page.locator('.step-lines .shift-tag').nth(8).waitFor()
  }],
]

lookAt(PLANS, async (site) => {
  await fillTheDay(site)
  await fillThePlan(site)
})
