import type { Locator } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { accessible, en, fill, screenshot, signIn } from './browser'
import { button, field, machine, page, site, setStage } from './stage'

setStage()

const SN = 'CQZ7000000001'

/** The machine is on the list here, and somebody looks at a tab of its page. */
async function openTab(tab: string, name = 'Main gate', sn = SN): Promise<void> {
  await site.call('POST', '/api/machines', { sn, name })
  await signIn(page, site)
  await page.goto(`${site.url}/machines/${sn}?tab=${tab}`)
  await page.getByRole('heading', { name, level: 1 }).waitFor()
}

const online = () => page.locator('.page-head').getByText(en.status.online).waitFor({ timeout: 60_000 })
const orders = (): Locator => page.getByRole('region', { name: en.command.list })
const order = (kind: keyof typeof en.command.kind): Locator => button(en.command.kind[kind])
const row = (text: string): Locator => orders().getByRole('row').filter({ hasText: text })
const SOON = { timeout: 60_000 }

describe('an order to a machine that runs', () => {
  it('is queued, and seen done without a reload', async () => {
    machine(SN)
    await openTab('commands')
    await online()
    await page.evaluate(() => Object.assign(globalThis, { sameDocument: true }))
    await order('readInfo').click()
    await page.getByText(fill(en.command.ordered, { what: en.command.kind.readInfo })).waitFor()
    await row(en.command.kind.readInfo).getByText(en.commandState.done).waitFor(SOON)
    expect(await page.evaluate(() => 'sameDocument' in globalThis)).toBe(true)
    await accessible(page, 'orders')
    await button(`${en.action.details}: ${en.command.kind.readInfo}`).click()
    await page.getByRole('dialog').getByText(en.command.colNumber).waitFor()
    await accessible(page, 'an order')
    await screenshot(page, 'machine-order-en-light')
  })

  it('restarts it after a question, and it comes back', async () => {
    machine(SN)
    await openTab('commands')
    await online()
    await order('restart').click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText(en.command.restartWhat).waitFor()
    await accessible(page, 'restart')
    await dialog.getByRole('button', { name: en.command.kind.restart }).click()
    await row(en.command.kind.restart).getByText(en.commandState.done).waitFor(SOON)
    await online()
  })

  it('reads its people, and says who they are here', async () => {
    await site.call('POST', '/api/employees', { id: 'e1', name: '李娜' })
    await openTab('people&view=machine')
    await page.getByText(en.seen.empty).waitFor()
    await site.call('POST', `/api/machines/${SN}/roster`, { entries: [{ employeeId: 'e1', pin: '1003' }] })
    machine(SN, '--dialect', 'access')
    await online()
    await order('readPeople').click()
    await page.getByRole('row').filter({ hasText: '1003' }).getByText('李娜').waitFor(SOON)
    await page.getByRole('row').filter({ hasText: '1001' }).getByText(en.seen.nobody).waitFor()
    await accessible(page, 'seen people')
    await screenshot(page, 'machine-seen-people-en-light')
  })
})

describe('a dangerous order', () => {
  it('asks for the name of the machine, and clears only then', async () => {
    const gate = machine(SN)
    await openTab('commands')
    await online()
    gate.punch('7')
    await expect.poll(() => site.call('GET', '/api/punches').then((list) => (list as { total: number }).total), SOON).toBe(1)
    await order('clearPunches').click()
    const dialog = page.getByRole('dialog')
    const confirm = dialog.getByRole('button', { name: en.command.kind.clearPunches })
    await field(fill(en.kit.confirmType, { name: 'Main gate' })).fill('Main')
    expect(await confirm.isDisabled()).toBe(true)
    await accessible(page, 'clear punches')
    await screenshot(page, 'machine-clear-en-light')
    await field(fill(en.kit.confirmType, { name: 'Main gate' })).fill('Main gate')
    await confirm.click()
    await row(en.command.kind.clearPunches).getByText(en.commandState.done).waitFor(SOON)
    const here = (await site.call('GET', '/api/punches')) as { total: number }
    expect(here.total, 'what is here stays').toBe(1)
  })
})

describe('an order to a machine that is away', () => {
  it('waits, says since when the machine was heard, and can be held back', async () => {
    await openTab('commands')
    await order('readInfo').click()
    const waiting = row(en.command.kind.readInfo)
    await waiting.getByText(en.command.waitingNever).waitFor()
    // Heard once, then silent: now it says how long ago.
    await site.push(`cdata?SN=${SN}&options=all&pushver=2.4.1&language=83`)
    await waiting.getByText(/^Waiting for the machine, (last heard \d+ sec\. ago|heard just now)$/).waitFor(SOON)
    await screenshot(page, 'machine-order-waiting-en-light')
    await button(`${en.command.cancel}: ${en.command.kind.readInfo}`).click()
    await waiting.getByText(en.commandState.cancelled).waitFor()
    const polled = await site.exchange(`getrequest?SN=${SN}`)
    expect(polled.text.trim()).toBe('OK')
  })
})

describe('an order that the machine refuses', () => {
  it('says why in words, with the machine’s own number', async () => {
    await openTab('commands')
    await site.push(`cdata?SN=${SN}&options=all&pushver=2.4.1&language=83`)
    await order('readInfo').click()
    await row(en.command.kind.readInfo).waitFor()
    const polled = await site.exchange(`getrequest?SN=${SN}`)
    const id = /^C:(\d+):/.exec(polled.text)?.[1]
    expect(id, polled.text).toBeDefined()
    await site.push(`devicecmd?SN=${SN}`, `ID=${String(id)}&Return=-1002&CMD=INFO\n`)
    await row(en.command.kind.readInfo).getByText(en.commandState.failed).waitFor(SOON)
    await button(`${en.action.details}: ${en.command.kind.readInfo}`).click()
    await page.getByRole('dialog').getByText(`${en.problem.machine.not_supported} · ${fill(en.command.code, { code: -1002 })}`).waitFor()
  })

  it('is not offered where the kind of machine has no such thing', async () => {
    machine(SN)
    await openTab('commands')
    await online()
    const unlock = order('unlockDoor')
    await unlock.waitFor()
    if (await unlock.isDisabled()) {
      const reason = await unlock.getAttribute('aria-describedby')
      expect((await page.locator(`[id="${String(reason)}"]`).textContent()) ?? '').not.toBe('')
    }
  })
})

describe('the trace', () => {
  it('shows what the machine said, without its secrets', async () => {
    await openTab('trace')
    await page.getByText(en.trace.empty).waitFor()
    await site.push(`cdata?SN=${SN}&options=all&pushver=2.4.1&language=83`)
    await site.push(`cdata?SN=${SN}&table=OPERLOG&OpStamp=1`, 'USER PIN=1003\tName=Li Si\tPri=0\tPasswd=87654321\tCard=\tGrp=1\n')
    await button(en.trace.refresh).click()
    await page.getByText(/table=OPERLOG/).click()
    await page.getByText(/PIN=1003/).waitFor()
    expect(await page.locator('.trace').textContent()).not.toContain('87654321')
    await accessible(page, 'trace')
    const [download] = await Promise.all([page.waitForEvent('download'), button(en.trace.download).click()])
    expect(download.suggestedFilename()).toContain(SN)
  })
})

describe('the settings of a machine', () => {
  it('take an encoding for its names', async () => {
    await openTab('settings')
    await page.getByRole('combobox', { name: en.machineSettings.encoding }).click()
    await page.locator('.ant-select-item-option').filter({ hasText: 'GB18030' }).click()
    await button(en.action.save).click()
    await page.getByText(fill(en.machineSettings.saved, { name: 'Main gate' })).waitFor()
    const saved = (await site.call('GET', `/api/machines/${SN}`)) as { encoding: string }
    expect(saved.encoding).toBe('gb18030')
  })

  it('switch it off and on, and delete it after its name was typed', async () => {
    await openTab('settings')
    await page.getByRole('switch', { name: en.roster.on }).click()
    await page.getByText(en.machine.disabledTitle).waitFor()
    await page.getByRole('switch', { name: en.roster.on }).click()
    await page.getByText(en.machine.disabledTitle).waitFor({ state: 'detached' })
    await button(en.machineSettings.delete).click()
    await field(fill(en.kit.confirmType, { name: 'Main gate' })).fill('Main gate')
    await page.getByRole('dialog').getByRole('button', { name: en.action.delete }).click()
    await page.getByText(en.machines.empty).waitFor()
  })
})

describe('clocks', () => {
  it('are steered until the switch is turned', async () => {
    await signIn(page, site)
    await page.goto(`${site.url}/settings`)
    const steer = page.getByRole('switch', { name: en.settings.steer })
    expect(await steer.isChecked()).toBe(true)
    await steer.click()
    await page.getByText(en.settings.steerOff).waitFor()
    expect(await site.call('GET', '/api/settings')).toMatchObject({ steerClocks: false })
  })
})

describe.each([
  ['access', 'Side door', '1001'],
  ['fk', 'Workshop', '1001'],
] as const)('a machine of the dialect %s', (dialect, name, pin) => {
  it('is seen, added, and its punch arrives', async () => {
    const started = machine(SN, '--dialect', dialect)
    await openTab('overview', name)
    await page.getByText(en.dialect[dialect], { exact: true }).waitFor(SOON)
    started.punch(pin)
    await page.getByRole('tab', { name: en.machine.tabPunches }).click()
    await page.getByRole('cell', { name: pin, exact: true }).waitFor(SOON)
    await screenshot(page, `machine-punches-${dialect}-en-light`)
    await page.getByRole('tab', { name: en.machine.tabCommands }).click()
    await order('readInfo').click()
    await row(en.command.kind.readInfo).getByText(en.commandState.done).waitFor(SOON)
  })
})
