import { AxeBuilder } from '@axe-core/playwright'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'
import { expect } from 'vitest'
import { en } from '../src/i18n/en'
import { zh } from '../src/i18n/zh'
import { TOKEN, type Site } from './site'

export { en, zh }
export type Language = 'zh-CN' | 'en'
export type Theme = 'light' | 'dark'

export const SCREENS = join(import.meta.dirname, '..', '..', 'target', 'screens')

export const startBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })

export interface Desk {
  context: BrowserContext
  page: Page
  /** What the page complained about; looked at after each story. */
  complaints: string[]
}

/** The last calls of a page with their answers, for when something does not come. */
const calls = new WeakMap<Page, string[]>()
const CALLS_KEPT = 60

const told = (url: string) => new URL(url).pathname.startsWith('/api/')

function noteCalls(page: Page) {
  const lines: string[] = []
  const began = Date.now()
  const note = (line: string) => {
    lines.push(`${String(Date.now() - began).padStart(6)} ms ${line}`)
    if (lines.length > CALLS_KEPT) lines.shift()
  }
  page.on('request', (request) => told(request.url()) && note(`> ${request.method()} ${request.url()}`))
  page.on('response', (response) => told(response.url()) && note(`< ${String(response.status())} ${response.request().method()} ${response.url()}`))
  page.on('requestfailed', (request) => note(`! ${request.method()} ${request.url()}: ${request.failure()?.errorText ?? ''}`))
  calls.set(page, lines)
}

/** Prints what the page shows and what it has asked: so that a story that fails explains itself. */
export async function account(page: Page, name: string): Promise<void> {
  const shown = await page.locator('body').innerText({ timeout: 2_000 }).catch(String)
  const focus = await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 200)).catch(String)
  await screenshot(page, `failed-${name.replaceAll(/\W+/g, '-')}`).catch(() => undefined)
  process.stderr.write(
    `${name}\nAddress: ${page.url()}\nFocus: ${String(focus)}\nThe page:\n${shown}\n\nIts calls:\n${(calls.get(page) ?? []).join('\n')}\n`,
  )
}

/** A fresh browser profile at 1280×720 that has chosen its language and theme. */
export async function sitDown(browser: Browser, language: Language = 'en', theme: Theme = 'light'): Promise<Desk> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, reducedMotion: 'reduce' })
  await context.addInitScript(
    ([chosenLanguage, chosenTheme]) => {
      if (localStorage.getItem('rollcall.language') === null) localStorage.setItem('rollcall.language', chosenLanguage ?? '')
      if (localStorage.getItem('rollcall.theme') === null) localStorage.setItem('rollcall.theme', chosenTheme ?? '')
    },
    [language, theme],
  )
  const page = await context.newPage()
  noteCalls(page)
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    // A refused call is logged by the browser itself; whether it was handled is what the stories look at.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) complaints.push(message.text())
  })
  return { context, page, complaints }
}

/** Opens the console and signs in with the token. */
export async function signIn(page: Page, site: Site): Promise<void> {
  await page.goto(site.url)
  const token = page.getByRole('textbox', { name: new RegExp(`${en.signIn.token}|${zh.signIn.token}`) })
  await token.fill(TOKEN)
  const answered = page.waitForResponse((response) => response.request().method() === 'POST' && response.url().endsWith('/api/session'))
  await token.press('Enter')
  await answered
  await page.locator('.live-live').waitFor()
}

/** Nothing that axe calls serious or critical. */
export async function accessible(page: Page, where: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze()
  const serious = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => `${where}: ${id}: ${help}\n${nodes.slice(0, 4).map(({ html, failureSummary }) => `  ${html.slice(0, 200)}\n  ${failureSummary ?? ''}`).join('\n')}`)
  expect(serious).toEqual([])
}

export async function screenshot(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENS, { recursive: true })
  await page.screenshot({ path: join(SCREENS, `${name}.png`) })
}

/** Fills the blanks of a text: `fill(en.machines.added, { name: 'Gate' })`. */
export const fill = (text: string, values: Record<string, string | number>): string =>
  text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name] ?? ''))
