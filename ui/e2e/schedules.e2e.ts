import type { Locator } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { accessible, en, fill, screenshot, signIn } from './browser'
import { addShifts } from './plan'
import { button, field, menu, page, setStage, site } from './stage'

setStage()

interface Found<T> { items: T[]; total: number }
interface Planned { date: string; planned: string; shiftId: string | null; cell: boolean }
interface Row { employeeId: string; name: string; days: Planned[] }

const MONTH = 'from=2026-03-01&to=2026-03-31'
const dialog = (): Locator => page.getByRole('dialog')
const table = (): Locator => page.getByRole('grid', { name: en.grid.label })
const cell = (row: number, column: number): Locator => page.locator(`#cell-${String(row)}-${String(column)}`)
const part = (name: keyof typeof en.attendance.part): Locator => page.getByRole('navigation', { name: en.attendance.parts }).getByRole('link', { name: en.attendance.part[name] })

/** Where somebody stands, by name: in which order people come is not what is tried. */
const rowOf = async (name: string): Promise<number> =>
  Number((await page.getByRole('gridcell', { name: new RegExp(`^${name}, 2026-03-01`) }).getAttribute('id'))?.split('-')[1])

async function drag(from: Locator, to: Locator): Promise<void> {
  await from.hover()
  await page.mouse.down()
  await to.hover({ force: true })
  await page.mouse.up()
}

async function openPart(name: keyof typeof en.attendance.part): Promise<void> {
  await menu(en.nav.attendance).click()
  await part(name).click()
}

async function addPeople(): Promise<void> {
  await site.call('POST', '/api/branches', { id: 'b1', name: '总部' })
  for (const [id, name] of [['d1', '生产部'], ['d2', '办公室']]) await site.call('POST', '/api/departments', { id, name, branchId: 'b1' })
  const people = [['e1', '王伟', 'd1'], ['e2', '李娜', 'd1'], ['e3', '张敏', 'd2'], ['e4', '刘洋', 'd2']] as const
  for (const [id, name, departmentId] of people) await site.call('POST', '/api/employees', { id, name, departmentId, hiredOn: '2024-01-01', fields: { employeeNumber: `10${id.slice(1)}` } })
}

/** What the service says of somebody's days in March, as the names of shifts. */
async function march(employeeId: string, ids: ReadonlyMap<string, string>): Promise<string[]> {
  const { items } = (await site.call('GET', `/api/schedule?${MONTH}&employeeId=${employeeId}`)) as Found<Row>
  const names = new Map([...ids].map(([name, id]) => [id, name]))
  return (items[0]?.days ?? []).map(({ planned, shiftId }) => (shiftId === null ? planned : (names.get(shiftId) ?? '?')))
}

describe('shifts', () => {
  it('begin with a template, say what they mean while they are entered, and refuse what cannot be', async () => {
    await signIn(page, site)
    await openPart('shifts')
    await page.getByText(en.shifts.empty).waitFor()
    await accessible(page, 'no shifts')
    await screenshot(page, 'shifts-empty-en-light')
    await page.getByRole('button', { name: new RegExp(`^${en.shifts.template.fixed}`) }).click()
    const says = dialog().getByRole('list').filter({ hasText: 'is in time' })
    await says.getByText('09:05 is in time, 09:06 is 6 min late.').waitFor()
    await dialog().getByLabel(en.shifts.graceIn).fill('10')
    await says.getByText('09:10 is in time, 09:11 is 11 min late.').waitFor()
    // A second part that begins within the first one.
    await dialog().getByRole('button', { name: en.shifts.addSegment }).click()
    await dialog().getByLabel(fill(en.shifts.segmentStart, { index: 2 })).fill('17')
    await dialog().getByLabel(fill(en.shifts.segmentEnd, { index: 2 })).fill('20')
    await field(en.shifts.name).fill('')
    await dialog().getByRole('button', { name: en.action.add, exact: true }).click()
    await dialog().getByText(en.problem.shift.name_empty).waitFor()
    await field(en.shifts.name).fill('早班')
    await dialog().getByRole('button', { name: en.action.add, exact: true }).click()
    await dialog().getByRole('group', { name: en.shifts.segments }).getByText(en.problem.shift.segments_overlap).waitFor()
    await accessible(page, 'a faulty shift')
    await screenshot(page, 'shift-faulty-en-light')
    await dialog().getByRole('button', { name: fill(en.shifts.removeSegment, { index: 2 }) }).click()
    await dialog().getByRole('button', { name: en.action.add, exact: true }).click()
    await page.getByText(fill(en.shifts.added, { name: '早班' })).waitFor()
    await page.getByRole('img', { name: '09:00–18:00, 8 h' }).waitFor()
    // A copy under the same name is refused where the name is.
    await button(fill(en.shifts.copyOf, { name: '早班' })).click()
    await field(en.shifts.name).fill('早班')
    await page.keyboard.press('Enter')
    await dialog().getByText(en.problem.shift.name_taken).waitFor()
    await field(en.shifts.name).fill('夜班')
    await dialog().getByLabel(fill(en.shifts.segmentStart, { index: 1 })).fill('22')
    await dialog().getByLabel(fill(en.shifts.segmentEnd, { index: 1 })).fill('6')
    await dialog().getByRole('button', { name: fill(en.shifts.removeBreak, { index: 1 }) }).click()
    await dialog().getByText(en.shifts.says.overnight).waitFor()
    await page.getByRole('dialog').getByRole('button', { name: en.action.add, exact: true }).click()
    await page.getByRole('cell', { name: '22:00–06:00 next day', exact: true }).waitFor()
  })

  it('are not deleted while somebody works them', async () => {
    await addPeople()
    const ids = await addShifts(site)
    await site.call('POST', '/api/shift-assignments', { target: { kind: 'department', id: 'd1' }, shiftId: ids.get('早班'), from: '2026-01-01' })
    await signIn(page, site)
    await page.goto(`${site.url}/attendance/shifts`)
    await button(fill(en.shifts.deleteOf, { name: '早班' })).click()
    await dialog().getByRole('button', { name: en.action.delete }).click()
    await dialog().getByText(en.problem.shift.in_use).waitFor()
    await accessible(page, 'a shift that is in use')
    await dialog().getByRole('button', { name: en.action.cancel }).click()
    await button(fill(en.shifts.deleteOf, { name: '中班' })).click()
    await dialog().getByRole('button', { name: en.action.delete }).click()
    await page.getByText(fill(en.shifts.deleted, { name: '中班' })).waitFor()
  })
})

describe('a rotation', () => {
  it('is put together day by day and shows the next two weeks', async () => {
    await addShifts(site)
    await signIn(page, site)
    await page.goto(`${site.url}/attendance/shifts?view=rotations`)
    await page.getByText(en.rotations.empty).waitFor()
    await page.getByRole('button', { name: en.rotations.add }).first().click()
    await field(en.rotations.name).fill('两早一夜')
    const next = dialog().getByRole('group', { name: en.rotations.append })
    for (const name of ['夜班', '早班', '早班', en.grid.rest]) await next.getByRole('button', { name, exact: true }).click()
    await dialog().getByRole('button', { name: fill(en.rotations.stepLater, { index: 1 }) }).click()
    await dialog().getByRole('button', { name: fill(en.rotations.stepLater, { index: 2 }) }).click()
    const fortnight = dialog().getByRole('list', { name: en.rotations.preview }).getByRole('listitem')
    expect((await fortnight.allInnerTexts()).map((text) => text.split('\n').at(-1))).toEqual(['早', '早', '夜', 'R', '早', '早', '夜', 'R', '早', '早', '夜', 'R', '早', '早'])
    await accessible(page, 'rotation')
    await dialog().getByRole('button', { name: en.action.add, exact: true }).click()
    await page.getByText(fill(en.shifts.added, { name: '两早一夜' })).waitFor()
    await page.getByRole('cell', { name: '4 days' }).waitFor()
  })
})

async function assign(tab: 'employee' | 'department' | 'branch', who: string, shift: string): Promise<void> {
  await page.getByRole('button', { name: en.assignments.add, exact: true }).first().click()
  await button(en.assignments.choose).click()
  const picker = dialog().last()
  await picker.getByRole('tab', { name: en.picker.tab[tab] }).click()
  await (tab === 'employee' ? picker.getByRole('button', { name: who }).first() : picker.getByRole('treeitem', { name: who, exact: true }).getByText(who, { exact: true })).click()
  await picker.getByText('1 chosen').waitFor()
  await picker.getByRole('button', { name: en.picker.take }).click()
  await page.getByRole('combobox', { name: en.assignments.work.shift, exact: true }).fill(shift)
  await page.keyboard.press('Enter')
  await button(en.assignments.submit).last().click()
  await page.getByText(fill(en.assignments.added_one, { count: 1 })).last().waitFor()
  await dialog().first().waitFor({ state: 'detached' })
}

describe('assignments', () => {
  it('are made for departments and people, and say which of them applies', async () => {
    await addPeople()
    const ids = await addShifts(site)
    await signIn(page, site)
    await openPart('assignments')
    await page.getByText(en.assignments.empty).waitFor()
    await accessible(page, 'no assignments')
    await screenshot(page, 'assignments-empty-en-light')
    await assign('branch', '总部', '行政班')
    await assign('department', '生产部', '早班')
    await assign('employee', '李娜', '夜班')
    await page.getByRole('region', { name: '总部', exact: true }).getByText('except those with their own: 李娜, 生产部').waitFor()
    await accessible(page, 'assignments')
    await screenshot(page, 'assignments-made-en-light')
    // The narrowest of those that hold her applies.
    await page.getByRole('combobox', { name: en.assignments.whose }).fill('李娜')
    await page.getByRole('option', { name: /李娜/ }).waitFor({ state: 'attached' })
    await page.keyboard.press('Enter')
    await page.getByText(en.assignments.order).waitFor()
    const order = page.locator('.assignment-order > li')
    expect(await order.count()).toBe(3)
    await order.first().getByText('夜班').waitFor()
    await order.first().locator('.tag-good').filter({ hasText: 'next seven days' }).waitFor()
    expect(await order.nth(1).getByText(en.assignments.winsNever).count()).toBe(1)
    const { items } = (await site.call('GET', '/api/shift-assignments')) as Found<{ shiftId: string }>
    expect(items.map(({ shiftId }) => shiftId).toSorted()).toEqual([ids.get('行政班'), ids.get('早班'), ids.get('夜班')].toSorted())
  })

  it('are changed and taken away', async () => {
    await addPeople()
    const ids = await addShifts(site)
    await site.call('POST', '/api/shift-assignments', { target: { kind: 'department', id: 'd1' }, shiftId: ids.get('早班'), from: '2026-01-01' })
    await signIn(page, site)
    await page.goto(`${site.url}/attendance/assignments`)
    await button(fill(en.assignments.editOf, { name: '生产部' })).click()
    await dialog().getByRole('checkbox', { name: 'Sat' }).check()
    await dialog().getByLabel(en.assignments.to).fill('2025-12-31')
    await page.keyboard.press('Enter')
    await dialog().getByRole('button', { name: en.action.save }).click()
    await dialog().getByText(en.problem.assignment.to_before_from).waitFor()
    await accessible(page, 'an assignment that ends before it begins')
    await dialog().getByLabel(en.assignments.to).fill('2026-12-31')
    await page.keyboard.press('Enter')
    await dialog().getByRole('button', { name: en.action.save }).click()
    await page.getByText(fill(en.assignments.changed, { name: '生产部' })).waitFor()
    await page.getByText('Mon–Sat').waitFor()
    await page.getByText('2026-01-01 – 2026-12-31').waitFor()
    await button(fill(en.assignments.deleteOf, { name: '生产部' })).click()
    await dialog().getByRole('button', { name: en.assignments.takeAway }).click()
    await page.getByText(en.assignments.empty).waitFor()
  })
})

const NOTICE = '国务院办公厅关于2026年部分节假日安排的通知\n一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。\n四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。'

describe('the calendar', () => {
  it('takes in the notice after a look at what it would change', async () => {
    await signIn(page, site)
    await page.goto(`${site.url}/attendance/calendar?year=2026`)
    await page.getByText(fill(en.calendar.empty, { year: 2026 })).waitFor()
    await accessible(page, 'an empty year')
    await screenshot(page, 'calendar-empty-en-light')
    await page.getByRole('button', { name: en.calendar.import }).first().click()
    await dialog().getByText(en.calendar.source.text).click()
    await dialog().getByLabel(en.calendar.textLabel).fill(NOTICE.replace('周四', '周五'))
    await button(en.calendar.check).click()
    await dialog().getByText(en.problem.calendar.weekday_wrong).waitFor()
    await accessible(page, 'a notice with a wrong weekday')
    await screenshot(page, 'calendar-rejected-en-light')
    await dialog().getByLabel(en.calendar.textLabel).fill(NOTICE)
    await button(en.calendar.check).click()
    await dialog().getByText('10 days found').waitFor()
    // A dry run changes nothing.
    expect(((await site.call('GET', '/api/calendar-days?year=2026')) as Found<unknown>).total).toBe(0)
    await button('Take 10 days').click()
    await page.getByText('10 days were taken in.').waitFor()
    await page.getByRole('button', { name: /^2026-05-01 Friday, Holiday: 劳动节/ }).waitFor()
    await page.getByRole('button', { name: /^2026-05-09 Saturday, Make-up workday: 劳动节/ }).waitFor()
    // All of it again changes nothing.
    await page.getByRole('button', { name: en.calendar.import }).first().click()
    await button(en.calendar.check).click()
    await dialog().locator('.calendar-days').getByText(en.calendar.action.added).first().waitFor()
  })

  it('sets days by keyboard, and sets them back', async () => {
    await signIn(page, site)
    await page.goto(`${site.url}/attendance/calendar?year=2026`)
    await page.locator('[data-date="2026-10-01"]').focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    await dialog().waitFor()
    await dialog().getByRole('button', { name: en.action.save }).click()
    await dialog().getByText(en.calendar.fault.nameMissing).waitFor()
    await field(en.calendar.name).fill('厂庆')
    await page.keyboard.press('Enter')
    await page.getByText(fill(en.calendar.saved_one, { count: 1 })).waitFor()
    const day = page.getByRole('button', { name: /^2026-10-09 Friday, Holiday: 厂庆/ })
    await day.click()
    await dialog().getByRole('radio', { name: en.calendar.kind.ordinary }).check()
    await dialog().getByRole('button', { name: en.action.save }).click()
    await day.waitFor({ state: 'detached' })
    expect(((await site.call('GET', '/api/calendar-days?year=2026')) as Found<unknown>).total).toBe(0)
  })
})

describe('leave', () => {
  it('is entered for several people, with times, and found again', async () => {
    await addPeople()
    await signIn(page, site)
    await openPart('leave')
    await page.getByText(en.leaves.empty).waitFor()
    await accessible(page, 'no leave')
    await page.getByRole('button', { name: en.leaves.add }).first().click()
    await page.getByRole('button', { name: /^Add for/ }).click()
    await dialog().getByText(en.leaves.fault.peopleMissing).waitFor()
    await button(en.leaves.choose).click()
    await dialog().last().getByRole('tab', { name: en.picker.tab.department }).click()
    await dialog().last().getByRole('treeitem', { name: '生产部', exact: true }).getByText('生产部', { exact: true }).click()
    await dialog().last().getByText('2 people', { exact: true }).waitFor()
    await accessible(page, 'who has leave')
    await dialog().last().getByRole('button', { name: en.picker.take }).click()
    await dialog().getByLabel(en.assignments.from).fill('2026-03-02')
    await page.keyboard.press('Enter')
    await dialog().getByLabel(en.assignments.to).fill('2026-03-02')
    await page.keyboard.press('Enter')
    await dialog().getByRole('checkbox', { name: en.leaves.times }).check()
    await dialog().getByLabel(en.leaves.start).fill('1330')
    await dialog().getByLabel(en.leaves.end).fill('13:00')
    await button('Add for 2 people').click()
    await dialog().getByText(en.leaves.fault.endsBefore).waitFor()
    await dialog().getByLabel(en.leaves.end).fill('17:30')
    await button('Add for 2 people').click()
    await page.getByText('Leave was added for 2 people.').waitFor()
    await expect.poll(() => page.getByRole('cell', { name: '2026-03-02 13:30–17:30' }).count()).toBe(2)
    // Twice at the same time is refused, and says who.
    await page.getByRole('button', { name: en.leaves.add }).first().click()
    await button(en.leaves.choose).click()
    await dialog().last().getByRole('button', { name: '王伟' }).first().click()
    await dialog().last().getByRole('button', { name: en.picker.take }).click()
    await dialog().getByLabel(en.assignments.from).fill('2026-03-01')
    await page.keyboard.press('Enter')
    await dialog().getByLabel(en.assignments.to).fill('2026-03-05')
    await page.keyboard.press('Enter')
    await button('Add for 1 person').click()
    await dialog().getByText(en.problem.leave.overlaps).waitFor()
    await accessible(page, 'leave twice')
    await dialog().getByRole('button', { name: en.action.cancel }).click()
    await button(fill(en.leaves.deleteOf, { name: '王伟' })).click()
    await dialog().getByRole('button', { name: en.action.delete }).click()
    await page.getByText(fill(en.leaves.deleted, { name: '王伟' })).waitFor()
    await expect.poll(() => page.getByRole('cell', { name: '2026-03-02 13:30–17:30' }).count()).toBe(1)
  })
})

describe('the schedule', () => {
  it('is changed by keyboard like a spreadsheet, warns before it is saved, and is saved', async () => {
    await addPeople()
    const ids = await addShifts(site)
    await site.call('POST', '/api/shift-assignments', { target: { kind: 'branch', id: 'b1' }, shiftId: ids.get('行政班'), from: '2026-01-01' })
    await signIn(page, site)
    await page.goto(`${site.url}/attendance/schedule?date=2026-03-10`)
    await cell(0, 0).waitFor()
    const wang = await rowOf('王伟')
    await cell(wang, 1).click()
    await page.keyboard.press('Enter')
    await page.getByRole('combobox', { name: en.grid.choose }).fill('ye')
    await page.getByRole('combobox', { name: en.grid.choose }).fill('夜')
    await accessible(page, 'choosing a shift')
    await page.keyboard.press('Enter')
    await expect.poll(() => cell(wang, 1).innerText()).toBe('夜')
    // The morning after a night leaves no rest: said before anything is saved.
    await page.getByText('1 thing to look at').or(page.getByText('2 things to look at')).waitFor()
    await page.getByRole('list', { name: en.grid.problems }).getByText(en.problem.schedule.short_rest).first().waitFor()
    await accessible(page, 'schedule with problems')
    await page.keyboard.press('Control+z')
    await expect.poll(() => cell(wang, 1).innerText()).toBe('行政')
    await page.keyboard.press('Control+y')
    // Right, with the first column; rest, copied and pasted over a range.
    await page.keyboard.press('Shift+ArrowRight')
    await page.keyboard.press('Shift+ArrowRight')
    await page.keyboard.press('Control+r')
    await expect.poll(() => cell(wang, 3).innerText()).toBe('夜')
    await page.keyboard.press('Control+c')
    await page.getByText('3 cells copied.').waitFor()
    await cell(wang, 8).click()
    await page.keyboard.press('Control+v')
    await expect.poll(() => cell(wang, 10).innerText()).toBe('夜')
    await page.keyboard.press('Home')
    await page.keyboard.press('0')
    await button(fill(en.grid.saveCount_other, { count: 6 })).or(button(fill(en.grid.saveCount_other, { count: 7 }))).click()
    await page.getByText(/days were changed\./).waitFor()
    expect((await march('e1', ids)).slice(1, 11)).toEqual(['夜班', '夜班', '夜班', '行政班', '行政班', 'rest', 'rest', '夜班', '夜班', '夜班'])
    // Back to the default, over everything that was set.
    await page.keyboard.press('Shift+End')
    await page.keyboard.press('Delete')
    await page.keyboard.press('Control+s')
    await expect.poll(async () => (await march('e1', ids)).slice(1, 4)).toEqual(['行政班', '行政班', '行政班'])
  })

  it('takes tables from a spreadsheet, says what it does not know, and keeps changes from being lost', async () => {
    await addPeople()
    const ids = await addShifts(site)
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await signIn(page, site)
    await page.goto(`${site.url}/attendance/schedule?date=2026-03-10`)
    await cell(0, 0).click()
    await page.evaluate((text) => navigator.clipboard.writeText(text), '早班\t早班\t休\t晚班\r\n夜班\t夜班\t\t休\r\n')
    await page.keyboard.press('Control+v')
    await page.getByText('6 cells pasted.').waitFor()
    await page.getByText(fill(en.grid.pasteUnknown, { names: '“晚班”' })).waitFor()
    await accessible(page, 'pasted with something unknown')
    expect(await cell(0, 3).innerText()).toBe('·')
    await page.keyboard.press('Control+c')
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('早班\t早班\tRest\t\n夜班\t夜班\t\tRest')
    // Going elsewhere asks; staying keeps the changes.
    await part('shifts').click()
    await dialog().getByText(en.grid.leaveTitle).waitFor()
    await button(en.grid.leaveStay).click()
    // It gives the keyboard back when it has gone.
    await dialog().waitFor({ state: 'detached' })
    await page.getByText('6 changes not saved').or(page.getByText('5 changes not saved')).waitFor()
    await table().focus()
    await page.keyboard.press('Control+s')
    await page.getByText(/days were changed\./).waitFor()
    const { items } = (await site.call('GET', `/api/schedule?${MONTH}`)) as Found<Row>
    const names = new Map([...ids].map(([name, id]) => [id, name]))
    expect(items.slice(0, 2).map(({ days }) => days.slice(0, 4).map(({ planned, shiftId }) => names.get(shiftId ?? '') ?? planned))).toEqual([
      ['早班', '早班', 'rest', 'unscheduled'],
      ['夜班', '夜班', 'unscheduled', 'rest'],
    ])
    await part('shifts').click()
    await page.waitForURL(/attendance\/shifts/)
  })

  it('is filled and selected with the mouse', async () => {
    await addPeople()
    await addShifts(site)
    await signIn(page, site)
    await page.goto(`${site.url}/attendance/schedule?date=2026-03-10`)
    const palette = page.getByRole('group', { name: en.grid.palette })
    await cell(0, 2).click()
    await palette.getByRole('button', { name: '早班' }).click()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('0')
    // Two days, repeated by drawing the handle on.
    await drag(cell(0, 2), cell(0, 3))
    await page.getByText('1 person × 2 days').waitFor()
    await drag(page.locator('.fill-handle'), cell(0, 6))
    expect(await Promise.all([2, 3, 4, 5, 6].map((column) => cell(0, column).innerText()))).toEqual(['早', 'R', '早', 'R', '早'])
    // A whole person by their name, a whole day by its date.
    await button(fill(en.grid.selectRow, { name: '王伟' })).click()
    await page.getByText('1 person × 31 days').waitFor()
    await button(fill(en.grid.selectColumn, { date: '2026-03-20' })).click()
    await page.getByText('4 people × 1 day').waitFor()
    await palette.getByRole('button', { name: en.grid.rest }).click()
    await button(en.grid.discard).click()
    await dialog().getByRole('button', { name: en.grid.discard }).click()
    await expect.poll(() => cell(0, 2).innerText()).toBe('·')
  })

  it('lays a rotation over people, each a day behind the one above', async () => {
    await addPeople()
    const ids = await addShifts(site)
    const steps = ['夜班', '早班', ''].map((name) => (name === '' ? null : ids.get(name)))
    await site.call('POST', '/api/rotations', { name: '一夜一早', steps })
    await signIn(page, site)
    await page.goto(`${site.url}/attendance/schedule?date=2026-03-10&show=week`)
    await cell(0, 0).click()
    await cell(2, 5).click({ modifiers: ['Shift'] })
    await page.getByText('3 people × 6 days').waitFor()
    await button(en.grid.rotate).click()
    await page.getByRole('combobox', { name: en.grid.rotateStagger }).click()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await accessible(page, 'rotate')
    await button(en.grid.rotateApply).click()
    await expect.poll(async () => Promise.all([0, 1, 2].map((row) => cell(row, 0).locator('span').first().innerText()))).toEqual(['夜班', '早班', en.grid.rest])
    await page.keyboard.press('Control+s')
    await page.getByText(/days were changed\./).waitFor()
    // What was saved with something to look at is said, and leads there.
    await page.getByText(/in what was saved$/).waitFor()
    await accessible(page, 'saved with something to look at')
    await screenshot(page, 'schedule-saved-en-light')
  })

  it('holds a thousand people, of whom only those on screen are drawn', async () => {
    const ids = await addShifts(site)
    await site.call('POST', '/api/departments', { id: 'd1', name: '生产部' })
    for (let first = 0; first < 1000; first += 20) {
      await Promise.all(Array.from({ length: 20 }, (_, at) => site.call('POST', '/api/employees', { id: `p${String(first + at)}`, name: `员工${String(first + at).padStart(4, '0')}`, departmentId: 'd1' })))
    }
    await site.call('POST', '/api/shift-assignments', { target: { kind: 'department', id: 'd1' }, shiftId: ids.get('早班'), from: '2026-01-01', weekdays: [1, 2, 3, 4, 5, 6, 7] })
    await signIn(page, site)
    await page.goto(`${site.url}/attendance/schedule?date=2026-03-10`)
    await page.getByText('1,000 people', { exact: true }).waitFor()
    await cell(0, 0).click()
    expect(await page.locator('.grid-row').count()).toBeLessThan(50)
    // A key moves the selection within a few frames, however long the list is.
    const took = await page.evaluate(async () => {
      const grid = document.querySelector<HTMLElement>('[role=grid]')
      const began = performance.now()
      for (let step = 0; step < 100; step += 1) {
        grid?.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true }))
        await new Promise((done) => requestAnimationFrame(done))
      }
      return (performance.now() - began) / 100
    })
    expect(took, 'milliseconds for a step down').toBeLessThan(100)
    await page.keyboard.press('Control+End')
    await cell(999, 30).waitFor()
    expect(await page.locator('.grid-row').count()).toBeLessThan(50)
    // Everything at once is more than one call takes.
    await page.keyboard.press('Control+a')
    await page.keyboard.press('0')
    await page.getByText('31000 changes not saved').waitFor()
    await page.getByText(en.grid.noProblems).waitFor({ timeout: 60_000 })
    await page.keyboard.press('Control+s')
    await page.getByText('31000 days were changed.').waitFor({ timeout: 60_000 })
    const { items } = (await site.call('GET', `/api/schedule?${MONTH}&employeeId=p999`)) as Found<Row>
    expect(items[0]?.days.every(({ planned, cell: set }) => planned === 'rest' && set)).toBe(true)
  })
})
