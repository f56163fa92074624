import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { accessible, account, en, screenshot, signIn, sitDown, startBrowser, zh, type Language, type Theme } from './browser'
import { Site } from './site'

/** A page with what shows that it is ready. */
export type Look = readonly [name: string, path: string, ready: (page: Page, texts: typeof en | typeof zh) => Promise<void>]

const LOOKS: readonly [Language, Theme][] = [
  ['zh-CN', 'light'],
  ['zh-CN', 'dark'],
  ['en', 'light'],
  ['en', 'dark'],
]

/** Looks at each page of a site in both languages and both themes, and keeps a picture of it. */
export function lookAt(pages: readonly Look[], fill: (site: Site) => Promise<void>): void {
  let browser: Browser
  let site: Site

  beforeAll(async () => {
    browser = await startBrowser()
    site = await new Site().start()
    await fill(site)
  })
  afterAll(async () => {
    await browser.close()
    await site.end()
  })

  describe.each(LOOKS)('in %s, %s', (language, theme) => {
    let context: BrowserContext
    let page: Page
    let complaints: string[]
    const texts = language === 'en' ? en : zh

    beforeAll(async () => {
      ;({ context, page, complaints } = await sitDown(browser, language, theme))
      await page.goto(site.url)
      await page.getByRole('heading', { name: texts.signIn.title }).waitFor()
      await accessible(page, 'sign-in')
      await screenshot(page, `sign-in-${language}-${theme}`)
      await signIn(page, site)
    })
    afterAll(async () => {
      await context.close()
      expect(complaints).toEqual([])
    })

    afterEach(async ({ task }) => {
      if (task.result?.state === 'fail') await account(page, task.name)
    })

    it.each(pages)('%s is accessible and fits 1280×720', async (name, path, ready) => {
      await page.goto(site.url + path)
      await ready(page, texts)
      await screenshot(page, `${name}-${language}-${theme}`)
      await accessible(page, name)
      const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth || (document.querySelector('.stage')?.scrollWidth ?? 0) > (document.querySelector('.stage')?.clientWidth ?? 0))
      expect(wide, 'nothing is cut off at the right').toBe(false)
    })
  })
}
