import { fillTheDay } from './day'
import { lookAt, type Look } from './look'

/** Every page with what shows that it is ready. */
const PAGES: readonly Look[] = [
  ['overview', '/', (page) => page.locator('.chart .bar').first().waitFor()],
  ['machines', '/machines', (page) => page.getByRole('row').nth(3).waitFor()],
  ['machine-overview', '/machines/CQZ7000000001', (page) => page.locator('.facts').first().waitFor()],
  ['machine-people', '/machines/CQZ7000000001?tab=people', (page) => page.getByRole('row').nth(3).waitFor()],
  ['machine-punches', '/machines/CQZ7000000001?tab=punches', (page) => page.getByRole('row').nth(3).waitFor()],
  ['machine-gaps', '/machines/CQZ7000000001?tab=punches&view=gaps', (page) => page.getByRole('row').nth(3).waitFor()],
  ['reupload', '/machines/CQZ7000000001?tab=punches', async (page, texts) => {
    await page.getByRole('button', { name: texts.reupload.action, exact: true }).click()
    await page.getByRole('dialog').getByText(texts.reupload.some).click()
    await page.getByRole('dialog').getByRole('button', { name: texts.reupload.choose }).waitFor()
  }],
  ['punch-file', '/machines/CQZ7000000002?tab=punches', async (page, texts) => {
    await page.getByRole('button', { name: texts.punchFile.action, exact: true }).click()
    const rows = '工号,打卡时间,门\n1001,2026-11-02 08:01:00,东门\n1002,2026-11-02 08:02:00,东门\n,2026-11-02 08:03:00,东门\n'
    await page.locator('input[data-import]').setInputFiles({ name: '打卡.csv', mimeType: 'text/csv', buffer: Buffer.from(rows) })
    await page.getByRole('dialog').getByText(texts.punchFile.badHint).waitFor()
  }],
  ['machine-on-it', '/machines/CQZ7000000001?tab=people&view=machine', (page) => page.getByRole('row').nth(3).waitFor()],
  ['machine-commands', '/machines/CQZ7000000001?tab=commands', (page) => page.getByRole('row').nth(3).waitFor()],
  ['machine-log', '/machines/CQZ7000000001?tab=commands', async (page, texts) => {
    const log = page.getByRole('region', { name: texts.machineLog.title })
    await log.getByRole('row').nth(3).waitFor()
    await log.scrollIntoViewIfNeeded()
  }],
  ['machine-compare', '/machines/CQZ7000000001?tab=people&view=compare', (page) => page.getByRole('row').nth(3).waitFor()],
  ['machine-rule', '/machines/CQZ7000000002?tab=rule', (page) => page.locator('.preview-list li').first().waitFor()],
  ['machine-rule-off', '/machines/CQZ7000000003?tab=rule', (page, texts) => page.getByText(texts.rule.isOff).waitFor()],
  ['picker-sides', '/machines/CQZ7000000002?tab=rule', async (page, texts) => {
    await page.getByRole('button', { name: texts.rule.choose, exact: true }).click()
    await page.getByRole('dialog').getByRole('tab', { name: texts.picker.tab.department }).click()
    await page.getByRole('dialog').getByRole('treeitem').nth(3).waitFor()
    await page.locator('.picker-count').filter({ hasNotText: texts.kit.loading }).waitFor()
  }],
  ['picker-add', '/machines/CQZ7000000003?tab=people', async (page, texts) => {
    await page.getByRole('button', { name: texts.roster.add }).first().click()
    await page.getByRole('dialog').getByRole('button', { name: '高翔' }).or(page.getByRole('dialog').getByRole('button', { name: '梁慧' })).first().click()
    await page.locator('.picked-list li').first().waitFor()
  }],
  ['mapping', '/machines/CQZ7000000001?tab=people', async (page, texts) => {
    await page.getByRole('button', { name: texts.mapping.title }).click()
    await page.getByRole('dialog').getByRole('switch').waitFor()
  }],
  ['machine-settings', '/machines/CQZ7000000001?tab=settings', (page) => page.locator('form').waitFor()],
  ['machine-trace', '/machines/CQZ7000000001?tab=trace', async (page) => {
    await page.locator('.trace summary').filter({ hasText: 'OPERLOG' }).click()
    await page.locator('.trace details[open] pre').first().waitFor()
  }],
  ['connect', '/machines/connect', (page) => page.locator('.addresses').waitFor()],
  ['people', '/people', (page) => page.getByRole('row').nth(3).waitFor()],
  ['person', '/people', async (page, texts) => {
    await page.getByRole('button', { name: '李娜' }).click()
    await page.getByRole('dialog').getByLabel(texts.field.position).waitFor()
  }],
  ['person-more', '/people?person=e2', async (page, texts) => {
    await page.getByRole('button', { name: texts.people.rehire }).scrollIntoViewIfNeeded()
    await page.locator('.person-machines li').first().waitFor()
  }],
  ['fields', '/people', async (page, texts) => {
    await page.getByRole('button', { name: texts.people.fields, exact: true }).click()
    await page.getByRole('dialog').getByText('门禁号').waitFor()
  }],
  ['import', '/people/import', (page, texts) => page.getByText(texts.kit.fileDrop).waitFor()],
  ['import-check', '/people/import', async (page, texts) => {
    const rows = '姓名,工号,部门,入职日期,手机\n新同事,3001,生产部/三车间,2026-11-01,13900000001\n李娜,1002,销售部,2024-03-01,13900000002\n错一,3002,生产部,昨天,\n,3003,生产部,,\n'
    await page.locator('input[data-import]').setInputFiles({ name: '名单.csv', mimeType: 'text/csv', buffer: Buffer.from(rows) })
    await page.getByRole('button', { name: texts.importing.check }).click()
    await page.getByRole('row').nth(1).waitFor()
  }],
  ['rehire', '/people?person=e2', async (page, texts) => {
    await page.getByRole('button', { name: texts.people.rehire }).click()
    await page.getByRole('button', { name: texts.action.next, exact: true }).click()
    await page.getByRole('radio').first().waitFor()
  }],
  ['punches-live', '/punches', (page) => page.getByRole('listitem').nth(3).waitFor()],
  ['punches-all', '/punches?tab=all', (page) => page.getByRole('row').nth(3).waitFor()],
  ['punches-unmatched', '/punches?tab=unmatched', (page) => page.getByRole('row').nth(1).waitFor()],
  ['punches-rejected', '/punches?tab=rejected', (page) => page.getByRole('row').nth(1).waitFor()],
  ['punches-nothing', '/punches?tab=all&pin=123456', (page, texts) => page.getByText(texts.kit.nothingFound).waitFor()],
  ['jobs', '/jobs', (page) => page.getByRole('row').nth(1).waitFor()],
  ['job', '/jobs?state=needsConfirmation', async (page, texts) => {
    await page.getByRole('row').nth(1).getByRole('button').first().click()
    await page.locator('.job-log li').first().waitFor()
    await page.getByRole('dialog').getByText(texts.jobs.colCreated).waitFor()
  }],
  ['audit', '/jobs?tab=log', (page) => page.getByRole('row').nth(3).waitFor()],
  ['settings', '/settings', (page) => page.locator('.addresses').waitFor()],
  ['machine-missing', '/machines/NOSUCH', (page, texts) => page.getByRole('button', { name: texts.machines.toList }).waitFor()],
  ['not-found', '/nowhere', (page, texts) => page.getByText(texts.app.notFound).waitFor()],
]

lookAt(PAGES, fillTheDay)
