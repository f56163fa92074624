import { describe, expect, it } from 'vitest'
import { accessible, en, fill, screenshot, signIn } from './browser'
import { gbk } from './gbk'
import { button, field, page, setStage, site } from './stage'

setStage()

interface Found<T> { items: T[]; total: number }
const people = async () => (await site.call('GET', '/api/employees')) as Found<{ name: string; departmentName: string | null; hiredOn: string | null; fields: Record<string, string>; photoFileId: string | null }>
const chooseFile = (name: string, text: string) => page.locator('input[data-import]').setInputFiles({ name, mimeType: 'text/csv', buffer: gbk(text) })

const BAD = '姓名,工号,部门,入职日期,联系方式,备注\r\n王伟,1001,生产部/一车间,2024-03-01,13800001001,老员工\r\n李娜,1002,生产部,昨天,13800001002,\r\n,1003,办公室,2024-03-01,,\r\n张敏,1004,办公室,2024-03-01,13800001004,\r\n'
const GOOD = BAD.replace('昨天', '2024-05-06').replace('\n,1003', '\n刘洋,1003')

describe('a file of people', () => {
  it('is looked through, mended, taken in, and undone', async () => {
    await signIn(page, site)
    await page.goto(`${site.url}/people`)
    await page.getByRole('button', { name: en.people.import }).first().click()
    await page.getByRole('heading', { name: en.importing.title }).waitFor()
    await accessible(page, 'import, file')
    await screenshot(page, 'import-file-en-light')
    await chooseFile('people.csv', BAD)

    // Known headings are matched; the one that is not is said by hand.
    const phone = page.getByRole('combobox', { name: fill(en.importing.becomesOf, { header: '联系方式' }) })
    await phone.fill(en.field.mobile)
    await page.keyboard.press('Enter')
    await accessible(page, 'import, columns')
    await screenshot(page, 'import-columns-en-light')
    await button(en.importing.check).click()

    await page.getByText('2 rows cannot be imported').waitFor()
    await page.getByRole('row').filter({ hasText: '李娜' }).getByText(`入职日期: ${en.problem.date.invalid}`).waitFor()
    await page.getByText(fill(en.importing.newUnits, { names: '生产部, 生产部/一车间, 办公室' })).waitFor()
    await accessible(page, 'import, check')
    await screenshot(page, 'import-check-en-light')
    expect((await people()).total, 'a look changes nothing').toBe(0)

    await button(en.importing.otherFile).click()
    await chooseFile('people.csv', GOOD)
    await phone.fill(en.field.mobile)
    await page.keyboard.press('Enter')
    await button(en.importing.check).click()
    await button('Import 4 people').click()
    await page.getByText(fill(en.importing.done, { added: 4, changed: 0 })).waitFor()
    await accessible(page, 'import, done')
    await screenshot(page, 'import-done-en-light')
    const all = await people()
    expect(all.items.find(({ name }) => name === '王伟')).toMatchObject({ departmentName: '一车间', hiredOn: '2024-03-01', fields: { employeeNumber: '1001', mobile: '13800001001' } })

    await button(en.importing.undo).click()
    await page.getByRole('dialog').getByRole('button', { name: en.importing.undo }).click()
    await page.getByText('4 people are as before the import.').waitFor()
    expect((await people()).total).toBe(0)
  })

  it('gives its good rows when asked, and the view goes out as a file again', async () => {
    await signIn(page, site)
    await page.goto(`${site.url}/people/import`)
    const template = page.waitForEvent('download')
    await button(en.importing.templateCsv).click()
    expect((await template).suggestedFilename()).toBe(`${en.importing.templateName}.csv`)
    await chooseFile('people.csv', BAD)
    await button(en.importing.check).click()
    await button('Import the 2 good rows').click()
    await page.getByText('2 rows were left out').waitFor()
    await page.getByRole('button', { name: en.importing.toPeople }).first().click()
    await page.getByRole('cell', { name: '王伟' }).waitFor()
    await button(en.people.export).click()
    const file = page.waitForEvent('download')
    await page.getByRole('menuitem', { name: 'CSV' }).click()
    const saved = await (await file).createReadStream()
    const parts: Buffer[] = []
    for await (const part of saved) parts.push(part as Buffer)
    expect(Buffer.concat(parts).toString('utf8')).toContain('王伟')
  })
})

/** One red dot, the smallest picture that is one. */
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC', 'base64')

describe('a photo', () => {
  it('is kept when it is one, and refused with the reason when not', async () => {
    await site.call('POST', '/api/employees', { id: 'e1', name: '李娜' })
    await signIn(page, site)
    await page.goto(`${site.url}/people?person=e1`)
    await field(en.people.name).waitFor()
    await page.locator('input[data-photo]').setInputFiles({ name: 'photo.png', mimeType: 'image/png', buffer: Buffer.from('no picture') })
    await page.getByText(en.problem.photo.unreadable).waitFor()
    await page.locator('input[data-photo]').setInputFiles({ name: 'photo.png', mimeType: 'image/png', buffer: PNG })
    await page.getByRole('img', { name: fill(en.people.photoOf, { name: '李娜' }) }).waitFor()
    await accessible(page, 'photo')
    expect((await people()).items[0]?.photoFileId).not.toBe(null)
    await page.getByRole('dialog').getByRole('button', { name: en.action.remove }).click()
    await page.getByText(en.people.photoRemoved).waitFor()
  })
})
