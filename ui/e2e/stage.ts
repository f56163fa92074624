import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { account, sitDown, startBrowser, type Desk } from './browser'
import { SimulatedMachine, Site } from './site'

/** A fresh service and a fresh browser profile for each story of the file that calls `setStage`. */
let browser: Browser
let desk: Desk
export let site: Site
export let page: Page
const machines: SimulatedMachine[] = []

export function setStage() {
  beforeAll(async () => {
    browser = await startBrowser()
  })
  afterAll(async () => {
    await browser.close()
  })
  beforeEach(async () => {
    site = await new Site().start()
    desk = await sitDown(browser)
    page = desk.page
  })
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await account(page, task.name)
    await desk.context.close()
    for (const each of machines.splice(0)) await each.off()
    await site.end()
    expect(desk.complaints).toEqual([])
  })
}

/** A simulated machine that is switched off at the end of the story. */
export function machine(sn: string, ...flags: string[]): SimulatedMachine {
  const started = new SimulatedMachine(site, sn, flags)
  machines.push(started)
  return started
}

export const button = (name: string): Locator => page.getByRole('button', { name, exact: true })
export const menu = (name: string): Locator => page.getByRole('navigation').getByRole('link', { name })
export const field = (name: string): Locator => page.getByLabel(name, { exact: true })
