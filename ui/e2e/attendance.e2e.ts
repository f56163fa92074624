import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { accessible, en, fill, SCREENS, screenshot, signIn } from './browser'
import { dateAt } from './month'
import { button, field, machine, menu, page, setStage, site } from './stage'
import { rowsOf } from './xlsx'

setStage()

const SN = 'CQZ7000000001'
const SOON = { timeout: 60_000 }
const dialog = (): Locator => page.getByRole('dialog').last()
const part = (name: keyof typeof en.attendance.part): Locator => page.getByRole('navigation', { name: en.attendance.parts }).getByRole('link', { name: en.attendance.part[name], exact: true })
const row = (text: string): Locator => page.getByRole('row').filter({ hasText: text })
const two = (n: number): string => String(n).padStart(2, '0')

/** A zone in which it is noon now on the date it is in the browser: no story of a day runs into midnight. */
function noonZone(): string {
  const ahead = 12 - new Date().getUTCHours()
  return ahead === 0 ? 'Etc/GMT' : `Etc/GMT${ahead > 0 ? '-' : '+'}${String(Math.abs(ahead))}`
}

/** Minutes of the day on the site's clocks. */
const minuteNow = (): number => 12 * 60 + new Date().getUTCMinutes()
const clock = (minute: number): string => `${two(Math.floor(minute / 60))}:${two(minute % 60)}`

/** One person with a number on one machine, at a site where it is noon. */
async function fillTheSite(): Promise<void> {
  await site.call('PUT', '/api/settings', { timeZone: noonZone() })
  await site.call('POST', '/api/departments', { id: 'd1', name: '生产部' })
  await site.call('POST', '/api/employees', { id: 'e1', name: '王伟', departmentId: 'd1', hiredOn: '2024-01-01' })
  await site.call('POST', '/api/machines', { sn: SN, name: 'Main gate' })
  await site.call('POST', `/api/machines/${SN}/roster`, { entries: [{ employeeId: 'e1', pin: '7' }] })
}

/** A shift that everybody of the department works on these dates. */
async function plan(start: string, end: string, from = dateAt(0), to = from): Promise<void> {
  const shift = (await site.call('POST', '/api/shifts', { name: 'Day', kind: 'fixed', segments: [{ start, end }], graceInMinutes: 5 })) as { id: string }
  await site.call('POST', '/api/shift-assignments', { target: { kind: 'department', id: 'd1' }, shiftId: shift.id, from, to, weekdays: [1, 2, 3, 4, 5, 6, 7] })
}

/** What a machine that has just called delivers of another day. */
async function deliver(...lines: readonly string[]): Promise<void> {
  await site.push(`cdata?SN=${SN}&options=all&pushver=2.4.1&language=83`)
  await site.push(`cdata?SN=${SN}&table=ATTLOG&Stamp=1`, lines.map((line) => `${line}\n`).join(''))
  // It has nothing more: only a machine that calls and brings nothing has sent everything.
  for (let call = 0; call < 3; call++) await site.push(`getrequest?SN=${SN}`)
}

const cell = (name: RegExp | string): Locator => page.getByRole('gridcell', { name })

async function download(name: string): Promise<Buffer> {
  const [file] = await Promise.all([page.waitForEvent('download'), button(name).click()])
  return readFileSync(await file.path())
}

describe('a late punch', () => {
  it('is on the report within a second, is appealed against, and stays visible when it is lifted', async () => {
    await fillTheSite()
    await signIn(page, site)
    await menu(en.nav.attendance).click()
    await page.getByText(en.attendance.noShifts).waitFor()
    await accessible(page, 'no shifts')
    await screenshot(page, 'attendance-no-shifts-en-light')
    await plan(clock(minuteNow() - 40), clock(minuteNow() + 300))
    await row('王伟').getByText(en.attendance.status.pending).waitFor(SOON)
    // Why it is not certain yet is told to whoever comes by keyboard, too.
    await row('王伟').getByRole('note').focus()
    await page.getByRole('tooltip').getByText(en.problem.day.not_over).waitFor()

    const gate = machine(SN)
    // Its clock is set by the first answers it gets.
    await site.until('machine', async () => ((await site.call('GET', `/api/machines/${SN}`)) as { online: boolean }).online)
    // From the service's word that a punch is in, to the mark on the screen.
    await page.evaluate(() => {
      const seen: Record<string, number> = {}
      Object.assign(globalThis, { seen })
      new EventSource('/api/events').addEventListener('punch', () => { seen['punch'] ??= performance.now() })
      new MutationObserver(() => { if (document.querySelector('.mark-late')) seen['mark'] ??= performance.now() }).observe(document.body, { childList: true, subtree: true })
    })
    gate.punch('7')
    await row('王伟').getByText(/^Late 4\d minutes$/).waitFor(SOON)
    const { punch, mark } = await page.evaluate(() => (globalThis as unknown as { seen: { punch: number; mark: number } }).seen)
    expect(mark - punch).toBeLessThan(1_000)

    // The day says by which rule, and is appealed against with a picture.
    await row('王伟').getByRole('button', { name: '王伟', exact: true }).click()
    await dialog().getByText(/^Due at \d\d:\d\d, with 5 min of grace\. Punched in at \d\d:\d\d: 4\d min late\.$/).waitFor()
    await dialog().getByRole('table').getByText('Main gate').waitFor()
    await accessible(page, 'day')
    await dialog().getByRole('button', { name: en.appeal.raise }).click()
    await dialog().getByLabel(en.appeal.reason).fill('地铁故障\n有延误证明')
    await dialog().locator('input[data-evidence]').setInputFiles({ name: 'virus.html', mimeType: 'text/html', buffer: Buffer.from('<script>') })
    await dialog().getByText(en.problem.evidence.type).waitFor()
    await dialog().locator('input[data-evidence]').setInputFiles({ name: '证明.png', mimeType: 'image/png', buffer: await page.screenshot() })
    await dialog().getByText('证明.png').waitFor()
    await accessible(page, 'raise an appeal')
    await dialog().getByRole('button', { name: en.appeal.submit, exact: true }).click()
    await page.getByText(fill(en.appeal.raised, { name: '王伟', date: dateAt(0) })).waitFor()
    await dialog().getByText('地铁故障 有延误证明').waitFor()
    await page.keyboard.press('Escape')

    // Decided with the keyboard alone: the first row is a stop of Tab, A approves.
    await part('appeals').click()
    await row('地铁故障 有延误证明').waitFor()
    await row('王伟').focus()
    await page.keyboard.press('Enter')
    await dialog().getByRole('img', { name: fill(en.appeal.evidenceOf, { name: '王伟', file: '证明.png' }) }).waitFor()
    await accessible(page, 'appeal')
    await screenshot(page, 'attendance-appeal-evidence-en-light')
    await page.keyboard.press('Escape')
    await dialog().waitFor({ state: 'detached' })
    // The keyboard is where it was, on the row.
    await page.locator('[data-row]:focus').filter({ hasText: '王伟' }).waitFor()
    await page.keyboard.press('a')
    await dialog().getByLabel(en.appeal.note).fill('核对过延误证明')
    await page.keyboard.press('Enter')
    await page.getByText(fill(en.appeal.decided.approve_one, { count: 1 })).waitFor()
    await page.getByText(en.appeal.none.open).waitFor()

    // Day, sheet and workbook show both the mark and its lifting.
    await part('days').click()
    const lifted = row('王伟').locator('.mark.lifted')
    await lifted.getByText(en.attendance.lifted).waitFor(SOON)
    expect(await lifted.locator('s').innerText()).toMatch(/^Late 4\d minutes$/)
    await row('王伟').getByText(en.attendance.status.normal).or(row('王伟').getByText(en.attendance.status.pending)).first().waitFor()
    await screenshot(page, 'attendance-lifted-en-light')
    const report = rowsOf(await download(en.attendance.export)).find((cells) => cells.includes('王伟'))
    expect(report?.join(' | ')).toMatch(/Late 4\d min \(appeal approved\)/)
    await part('sheet').click()
    const day = cell(new RegExp(`Late 4\\d minutes \\(${en.attendance.lifted}\\)`))
    await day.waitFor()
    await accessible(page, 'sheet')
    const sheet = rowsOf(await download(en.attendance.export))
    expect(sheet.find((cells) => cells.includes('王伟'))?.join(' | ')).toMatch(/4\d/)

    // The approval was a correction, and a correction can be taken back.
    await day.click()
    await dialog().getByRole('button', { name: new RegExp(`^${en.correction.withdraw}: `) }).click()
    await page.getByText(en.correction.withdrawnDone).waitFor()
    await dialog().locator('.day-verdict .mark-late:not(.lifted)').waitFor(SOON)
  })
})

describe('a punch that was never made', () => {
  it('is claimed by keyboard from the exceptions, approved, and heals its day', async () => {
    await fillTheSite()
    await site.call('PUT', '/api/settings', { timeZone: noonZone(), missedPunchQuota: 2 })
    await plan('09:00', '18:00', dateAt(2), dateAt(2))
    await deliver(`7\t${dateAt(2)} 08:57:10\t0\t1\t0`)
    await signIn(page, site)
    await menu(en.nav.attendance).click()
    await part('exceptions').click()
    await row('王伟').getByText(en.attendance.mark.missingOut).waitFor(SOON)
    await accessible(page, 'exceptions')
    // On a small screen the columns are scrolled; what can be done with the row is not.
    await page.setViewportSize({ width: 1024, height: 768 })
    const seen = await page.locator('.table-scroller').boundingBox()
    const act = await row('王伟').getByRole('button', { name: en.exceptions.askAgain }).boundingBox()
    expect((act?.x ?? 0) + (act?.width ?? 0)).toBeLessThanOrEqual((seen?.x ?? 0) + (seen?.width ?? 0))
    await page.setViewportSize({ width: 1280, height: 720 })
    await row('王伟').focus()
    await page.keyboard.press('a')
    await dialog().getByText(fill(en.attendance.rule.missingOut, { start: '09:00', end: '18:00' })).waitFor()
    await dialog().getByText(fill(en.appeal.quota_other, { month: dateAt(2).slice(0, 7), used: 0, count: 2 })).waitFor()
    // The end of the shift is offered; somebody who left later says so, without a colon.
    const claimed = dialog().getByLabel(en.appeal.claimed)
    expect(await claimed.inputValue()).toBe('18:00')
    await claimed.fill('1812')
    await dialog().getByRole('button', { name: en.appeal.submit, exact: true }).click()
    await dialog().getByText(en.appeal.reasonNeeded).waitFor()
    await dialog().getByLabel(en.appeal.reason).fill('下班忘记打卡')
    await dialog().getByRole('button', { name: en.appeal.submit, exact: true }).click()
    await row('王伟').getByText(fill(en.attendance.openAppeals_one, { count: 1 })).waitFor()

    await part('appeals').click()
    await row('王伟').getByText('→ 18:12').waitFor()
    await page.getByRole('checkbox', { name: fill(en.kit.selectRow, { name: `王伟 ${dateAt(2)}` }) }).check()
    await page.getByRole('toolbar').getByRole('button', { name: en.appeal.reject }).click()
    await dialog().getByRole('button', { name: en.appeal.reject, exact: true }).click()
    await dialog().getByText(en.problem.appeal.note_needed).waitFor()
    await dialog().getByRole('button', { name: en.action.cancel }).click()
    await page.getByRole('toolbar').getByRole('button', { name: en.appeal.approve }).click()
    await dialog().getByRole('button', { name: en.appeal.approve, exact: true }).click()
    await page.getByText(en.appeal.none.open).waitFor()

    await page.goto(`${site.url}/attendance/days?date=${dateAt(2)}`)
    await row('王伟').getByText('18:12').waitFor(SOON)
    await row('王伟').locator('.mark.lifted').getByText(en.attendance.mark.missingOut).waitFor()
    await row('王伟').getByRole('button', { name: '王伟', exact: true }).click()
    await dialog().locator('.tl-corrected').first().waitFor()
    await dialog().getByText(fill(en.correction.punchAt, { time: '18:12' })).waitFor()
    await screenshot(page, 'attendance-healed-en-light')
    await accessible(page, 'healed day')
    const quota = (await site.call('GET', `/api/attendance/quota?employeeId=e1&month=${dateAt(2).slice(0, 7)}`)) as { used: number }
    expect(quota.used).toBe(1)
  })
})

describe('a month', () => {
  it('is locked, keeps its days, says what came late, and lets it in when it is unlocked', async () => {
    await fillTheSite()
    const last = new Date(Date.UTC(new Date().getUTCFullYear(), new Date().getUTCMonth(), 0, 12)).toISOString().slice(0, 10)
    const month = last.slice(0, 7)
    const date = `${month}-12`
    await plan('09:00', '18:00', date)
    await deliver(`7\t${date} 09:31:00\t0\t1\t0`, `7\t${date} 18:02:00\t1\t1\t0`)
    await signIn(page, site)
    await page.goto(`${site.url}/attendance/sheet?month=${month}`)
    await cell(`${date.slice(5)} Late 31 minutes`).waitFor(SOON)
    await button(en.lock.lock).click()
    await accessible(page, 'lock')
    await dialog().getByRole('button', { name: en.lock.lock, exact: true }).click()
    await page.getByText(new RegExp(`${month} was locked on`)).waitFor()
    await deliver(`7\t${date} 08:58:00\t0\t1\t0`)
    await button(fill(en.lock.late_one, { count: 1 })).click({ timeout: 60_000 })
    await dialog().getByRole('row').filter({ hasText: '王伟' }).getByText(en.attendance.status.normal).waitFor()
    await accessible(page, 'late days')
    await screenshot(page, 'attendance-late-days-en-light')
    await page.keyboard.press('Escape')
    await cell(`${date.slice(5)} Late 31 minutes`).waitFor()
    await cell(`${date.slice(5)} Late 31 minutes`).click()
    await dialog().getByText(en.attendance.lockedHint).waitFor()
    expect(await dialog().getByRole('button', { name: en.appeal.raise }).isDisabled()).toBe(true)
    await page.keyboard.press('Escape')
    await button(en.lock.unlock).click()
    await dialog().getByText(fill(en.lock.unlockLate_one, { count: 1 })).waitFor()
    await dialog().getByRole('button', { name: en.lock.unlock, exact: true }).click()
    await cell(`${date.slice(5)} ${en.attendance.status.normal}`).waitFor(SOON)

    // The sheet goes by keyboard: arrows from day to day, Enter opens, Escape comes back.
    await page.getByRole('grid').locator('[tabindex="0"]').first().focus()
    await page.keyboard.press('Home')
    for (let day = 1; day <= 12; day += 1) await page.keyboard.press('ArrowRight')
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(`${date.slice(5)} ${en.attendance.status.normal}`)
    await page.keyboard.press('Enter')
    await dialog().getByText(en.attendance.because.normal).waitFor()
  })

  it('is judged anew after its shift was put right, and says what changed', async () => {
    await fillTheSite()
    await plan('09:00', '18:00', dateAt(3), dateAt(2))
    await deliver(`7\t${dateAt(3)} 09:31:00\t0\t1\t0`, `7\t${dateAt(3)} 18:02:00\t1\t1\t0`)
    await signIn(page, site)
    await page.goto(`${site.url}/attendance/sheet?month=${dateAt(3).slice(0, 7)}`)
    await page.getByRole('gridcell', { name: /Late 31 minutes/ }).waitFor(SOON)
    await button(en.recompute.start).click()
    await dialog().getByText(fill(en.recompute.what, { who: en.recompute.everybody })).waitFor()
    await dialog().getByRole('button', { name: en.recompute.start, exact: true }).click()
    await dialog().getByText(en.recompute.nothing).waitFor(SOON)
    await accessible(page, 'recomputed')
    await page.keyboard.press('Escape')
    await menu(en.nav.jobs).click()
    await page.getByRole('cell', { name: en.jobs.kind.attendanceRecompute, exact: true }).waitFor()
  })
})

describe('the day report', () => {
  it('is narrowed down in its address, and widened again', async () => {
    await fillTheSite()
    await site.call('POST', '/api/employees', { id: 'e2', name: '李娜', departmentId: 'd1', hiredOn: '2024-01-01' })
    await site.call('POST', `/api/machines/${SN}/roster`, { entries: [{ employeeId: 'e2', pin: '8' }] })
    await plan('09:00', '18:00', dateAt(2), dateAt(2))
    await deliver(`7\t${dateAt(2)} 09:31:00\t0\t1\t0`, `7\t${dateAt(2)} 18:02:00\t1\t1\t0`, `8\t${dateAt(2)} 08:55:00\t0\t1\t0`, `8\t${dateAt(2)} 18:02:00\t1\t1\t0`)
    await signIn(page, site)
    await page.goto(`${site.url}/attendance/days?date=${dateAt(2)}`)
    await row('王伟').getByText('Late 31 minutes').waitFor(SOON)
    await row('李娜').getByText(en.attendance.status.normal).waitFor(SOON)
    const glance = page.getByRole('region', { name: en.attendance.atAGlance })
    await glance.getByRole('button', { name: /^1\s*Late$/ }).click()
    await row('李娜').waitFor({ state: 'detached' })
    expect(page.url()).toContain('status=late')
    await page.reload()
    await row('王伟').waitFor()
    expect(await row('李娜').count()).toBe(0)
    await field(en.people.search).fill('李')
    await page.getByText(en.kit.nothingFound).waitFor()
    await button(en.action.clearFilters).click()
    await row('李娜').waitFor()
    await button(en.attendance.dayAfter).click()
    await page.getByText(fill(en.attendance.noDaysOn, { date: dateAt(1) })).waitFor()
    expect(page.url()).toContain(`date=${dateAt(1)}`)
    // In the person's drawer the same days stand as a calendar.
    await page.goto(`${site.url}/people?person=e1`)
    await page.getByRole('button', { name: new RegExp(`^${dateAt(2)} .*Late 31 minutes$`) }).click({ timeout: 60_000 })
    await dialog().getByText(/^Due at 09:00/).waitFor()
  })
})

describe('the sheet on paper', () => {
  it('is a landscape page with its heading and a column to sign', async () => {
    await fillTheSite()
    const people = Array.from({ length: 60 }, (_, index) => ({ id: `p${String(index)}`, name: `员工${two(index)}`, departmentId: 'd1', hiredOn: '2024-01-01' }))
    for (const person of people) await site.call('POST', '/api/employees', person)
    await plan('09:00', '18:00', `${dateAt(0).slice(0, 7)}-01`, dateAt(0))
    await signIn(page, site)
    await page.evaluate(() => { globalThis.print = () => Object.assign(globalThis, { asked: true }) })
    await menu(en.nav.attendance).click()
    await part('sheet').click()
    await page.getByRole('rowheader').nth(5).waitFor(SOON)
    await button(en.paper.print).click()
    await page.locator('.print-sheet tbody tr').nth(60).waitFor({ state: 'attached' })
    expect(await page.locator('.print-sheet thead .paper-signature').textContent()).toBe(en.paper.signature)
    // A browser fills the margins as this says: black, were it the dark theme's.
    await page.emulateMedia({ media: 'print' })
    expect(await page.evaluate(() => {
      document.documentElement.style.colorScheme = 'dark'
      return getComputedStyle(document.documentElement).colorScheme
    })).toBe('light')
    await page.emulateMedia({ media: null })
    const pages = await pagesOf('attendance-sheet')
    expect(new Set(pages)).toEqual(new Set(['842 × 595']))
    expect(pages.length).toBeGreaterThan(1)
    // Once it is printed the paper is put away.
    await page.locator('.print-sheet').waitFor({ state: 'detached' })
  })

  it('is a portrait page of a day, with everybody who is found', async () => {
    await fillTheSite()
    const people = Array.from({ length: 130 }, (_, index) => ({ id: `p${String(index)}`, name: `员工${two(index)}`, departmentId: 'd1', hiredOn: '2024-01-01' }))
    for (const person of people) await site.call('POST', '/api/employees', person)
    await plan('09:00', '18:00', `${dateAt(0).slice(0, 7)}-01`, dateAt(0))
    await signIn(page, site)
    await page.goto(`${site.url}/attendance/days?search=${encodeURIComponent('员工')}`)
    await page.evaluate(() => { globalThis.print = () => Object.assign(globalThis, { asked: true }) })
    await button(en.paper.print).click(SOON)
    await page.locator('.print-sheet tbody tr').nth(129).waitFor({ state: 'attached' })
    expect(await page.locator('.print-sheet tbody tr').count()).toBe(130)
    const pages = await pagesOf('attendance-days')
    expect(new Set(pages)).toEqual(new Set(['595 × 842']))
    expect(pages.length).toBeGreaterThan(2)
    await page.locator('.print-sheet').waitFor({ state: 'detached' })
  })
})

/** The sizes of the pages that are printed, in points. */
async function pagesOf(name: string): Promise<string[]> {
  const paper = await page.pdf({ preferCSSPageSize: true, printBackground: true, path: join(SCREENS, `${name}.pdf`) })
  const boxes = paper.toString('latin1').match(/\/MediaBox\s*\[[^\]]*\]/g) ?? []
  return boxes.map((box) => (box.match(/[\d.]+/g) ?? []).slice(2).map((side) => Math.round(Number(side))).join(' × '))
}
