import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

/** Debian's chromium-headless-shell: `npm test` installs it. */
const CHROMIUM = '/usr/bin/chromium-headless-shell'

/** Why there can be no browser; null: there can. */
export function browserMissing(): string | null {
  return existsSync(CHROMIUM)
    ? null
    : `${CHROMIUM} is missing (Debian: apt-get install chromium-headless-shell)`
}

export function openBrowser(): Promise<Browser> {
  // Its sandbox does not run as root, and what it opens is our own page.
  return chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
}
