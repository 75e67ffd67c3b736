import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser, Page } from 'playwright-core'
import { browserMissing, openBrowser } from '../support/browser.ts'
import { describeOnKafka } from '../support/kafka/describe.ts'
import { RunningPipeline } from '../support/kafka/executable.ts'
import { until } from '../support/kafka/until.ts'
import {
  BROKEN,
  compileWatched,
  HOSTILE,
  payments,
  PAYMENTS,
  startWatched
} from '../support/kafka/watched-pipeline.ts'
import { accessibilityProblems, focusInPage } from '../support/page-accessibility.ts'

/** Pictures of the page, for people. */
const pictures = join(import.meta.dirname, '_actual/dashboard')
const missing = browserMissing()
const isSkipped = missing !== null && process.env['CI'] === undefined
if (isSkipped) console.warn(`\n!!! SKIPPED, no browser: ${missing}\n`)

const watched = compileWatched()
after(() => watched.remove())

describeOnKafka('the dashboard', ({ client, broker }) => {
  let pipeline: RunningPipeline
  let browser: Browser
  before(async () => {
    if (isSkipped) return
    if (missing !== null) throw new Error(missing)
    const words = ['--brokers', broker().brokers, '--sample-records']
    pipeline = await startWatched(watched, client(), words)
    browser = await openBrowser()
    mkdirSync(pictures, { recursive: true })
  })
  after(() => browser?.close())

  /** The page, once it shows the pipeline; what it says on its console is an error, and so is a request to elsewhere. */
  async function open(
    options: Parameters<Browser['newPage']>[0] = {}
  ): Promise<{ readonly page: Page; readonly complaints: readonly string[] }> {
    const page = await browser.newPage(options)
    const complaints: string[] = []
    const own = `http://127.0.0.1:${await pipeline.port()}/`
    page.on('console', message => complaints.push(message.text()))
    page.on('pageerror', error => complaints.push(error.message))
    page.on('request', request => {
      if (!request.url().startsWith(own)) complaints.push(`asks ${request.url()}`)
    })
    await page.goto(own)
    await page.locator('#graph .node').first().waitFor()
    await page.locator('#state', { hasText: 'ready' }).waitFor()
    // From the second snapshot on there are rates.
    await page.locator('#figures dd').first().filter({ hasText: /\d/ }).waitFor()
    return { page, complaints }
  }

  test('shows the graph, figures and errors of the pipeline, and names as text', async t => {
    if (isSkipped) return t.skip()
    const { page, complaints } = await open()
    const titles = await page.locator('#graph .node title').allTextContents()
    assert.equal(titles.length, 15)
    assert.ok(titles.includes(`Source ${HOSTILE}`))
    assert.equal(await page.locator('img').count(), 0)
    const source = page.locator('#sources tr', { hasText: 'payments (payments)' })
    assert.match(await source.innerText(), new RegExp(`running\\s.*1,000\\s+0\\s.*${BROKEN}\\s+0`))
    const error = page.locator('#errors tr', { hasText: 'division-by-zero' })
    assert.match(await error.innerText(), /13:31\s+INSERT INTO shares: amount \/ parts/)
    assert.match(await page.locator('#problems').innerText(), /division-by-zero.*line 13/s)
    // The script is there line by line, with what happens at each.
    const line = page.locator('#sql tr', { hasText: 'INSERT INTO shares' })
    assert.match(
      await line.innerText(),
      /^13\s+Project [\d.,]+\/s( \d\.\d %)? division-by-zero × 7\s/
    )
    assert.match((await line.getAttribute('class')) ?? '', /bad/)
    const failing = page.getByRole('button', { name: /^Project id, share division-by-zero/ })
    assert.match((await failing.getAttribute('class')) ?? '', /bad/)
    assert.deepEqual(complaints, [])
    await page.close()
  })

  test('an operator is chosen with the keyboard, and shows its last records; an error leads to its line', async t => {
    if (isSkipped) return t.skip()
    const { page, complaints } = await open()
    const join = page.getByRole('button', { name: /^Lookup JOIN / })
    await join.focus()
    await page.keyboard.press('Enter')
    assert.equal(await join.getAttribute('aria-pressed'), 'true')
    const panel = page.locator('#operator')
    assert.match(await panel.innerText(), /Lookup JOIN[^]*as they left it/)
    const row = panel.locator('pre').first()
    assert.match(await row.innerText(), /"name":"user \d+ <b>"/)
    // Between two operators rows are in no topic: these have columns that the sink's have not, and all are past the condition.
    for (const shown of await panel.locator('pre').allInnerTexts()) {
      assert.ok(Number(/"amount":([\d.]+)/.exec(shown)![1]) > 100, shown)
    }
    assert.equal(await panel.locator('b').count(), 0)
    // Figures change while somebody makes their way through the page: where they are does not.
    for (const part of ['#problems', '#operator', '#errors']) {
      const button = page.locator(`${part} button`).first()
      await button.focus()
      const text = await button.innerText()
      for (let i = 0; i < 2; i++) await nextSnapshot(page)
      assert.equal(await page.evaluate('document.activeElement.innerText'), text, part)
    }
    await page.keyboard.press('Enter')
    const focused = await page.evaluate('document.activeElement.innerText')
    assert.match(String(focused), /^13\s[^]*INSERT INTO shares/)
    // Every operator is reached by Tab, in the order of the flow.
    await page.locator('#graph').focus()
    await page.keyboard.press('Tab')
    assert.equal(await page.evaluate('document.activeElement.getAttribute("data-node")'), '1')
    assert.deepEqual(complaints, [])
    await page.close()
  })

  test('fits a phone, light and dark', async t => {
    if (isSkipped) return t.skip()
    const sizes = { phone: { width: 390, height: 844 }, desk: { width: 1400, height: 900 } }
    for (const [size, viewport] of Object.entries(sizes)) {
      for (const colorScheme of ['light', 'dark'] as const) {
        const { page, complaints } = await open({ viewport, colorScheme })
        const overflow = 'document.documentElement.scrollWidth - innerWidth'
        assert.equal(await page.evaluate(overflow), 0, `${size} ${colorScheme}`)
        const paper = await page.evaluate('getComputedStyle(document.body).backgroundColor')
        const [red] = /\d+/.exec(String(paper))!
        assert.equal(Number(red) < 128, colorScheme === 'dark')
        // With all that there can be on it.
        await page.getByRole('button', { name: /^Project id, share/ }).click()
        assert.deepEqual(await accessibilityProblems(page), [], `${size} ${colorScheme}`)
        await page.screenshot({
          path: join(pictures, `${size}-${colorScheme}.png`),
          fullPage: true
        })
        assert.deepEqual(complaints, [])
        await page.close()
      }
    }
  })

  test('rates are on all edges, lag and watermark at all partitions, and costs beside the lines', async t => {
    if (isSkipped) return t.skip()
    const { page, complaints } = await open()
    const edges = page.locator('#graph .edge-rate')
    const flowing = page.locator('#graph .edge.flows')
    // Every operator has something to do: its numbers are those of a pipeline that works.
    let isOver = false
    const written = (async () => {
      for (let from = PAYMENTS; !isOver; from += PAYMENTS) {
        await client().write('payments', payments(from))
        await client().write('users', [{ key: '1', value: '{"id":1,"name":"again"}' }])
        await sleep(200)
      }
    })()
    const all = await edges.count()
    await until('rows are on all edges', async () => (await flowing.count()) === all).finally(
      () => (isOver = true)
    )
    const rates = await edges.allTextContents()
    assert.equal(rates.length, all)
    for (const rate of rates) assert.match(rate, /^[\d.,]+( [KM])?\/s$/)
    for (const partition of [0, 1]) {
      const row = page.locator('#sources tr', { hasText: `partition ${partition}` }).first()
      assert.match(await row.innerText(), /[\d,]+\s+[\d,]+\s+[\d.]+ (ms|s|min|h)( ahead)?/)
    }
    const states = await page.locator('#states').innerText()
    assert.match(states, /seconds-groups\s+stage\s+[\d,]+\s+[\d.]+ K?B/)
    const line = page.locator('#sql tr', { hasText: 'SELECT p.id, u.name' })
    assert.match(await line.innerText(), /Predict [\d.,]+( K)?\/s( [\d.]+ %)? \+ model [\d.]+ %/)
    // Records can be seen wherever rows go.
    for (const node of await page.locator('#graph .node').all()) {
      await node.click()
      const panel = page.locator('#operator')
      await panel.locator('pre').first().waitFor()
      await node.click()
    }
    await written
    assert.deepEqual(complaints, [])
    await page.close()
  })

  test('Tab goes through all of it in order, and shows where it is', async t => {
    if (isSkipped) return t.skip()
    const { page, complaints } = await open({ reducedMotion: 'reduce' })
    assert.equal(await page.evaluate('document.getAnimations().length'), 0)
    // So that nothing comes and goes meanwhile.
    await page.getByRole('button', { name: 'Pause' }).focus()
    await page.keyboard.press('Enter')
    const skip = page.locator('a.skip')
    await skip.focus()
    const { of } = await page.evaluate(focusInPage)
    assert.ok(of > 30)
    for (let place = 0; place < of; place++) {
      const focus = await page.evaluate(focusInPage)
      assert.deepEqual(focus, { place, of, isSeen: true })
      await page.keyboard.press('Tab')
    }
    await skip.focus()
    await page.keyboard.press('Enter')
    assert.equal(await page.evaluate('document.activeElement.id'), 'problems')
    // As wide as a page that is made four times as large.
    await page.setViewportSize({ width: 320, height: 480 })
    assert.equal(await page.evaluate('document.documentElement.scrollWidth - innerWidth'), 0)
    assert.deepEqual(complaints, [])
    await page.close()
  })

  test('nobody may frame it, or ask it under another name', async t => {
    if (isSkipped) return t.skip()
    const port = await pipeline.port()
    const { headers } = await fetch(`http://127.0.0.1:${port}/`)
    const policy = headers.get('content-security-policy')!
    assert.match(policy, /default-src 'none'/)
    assert.match(policy, /frame-ancestors 'none'/)
    assert.doesNotMatch(policy, /unsafe/)
    for (const path of ['/', '/api/v1/pipeline', '/api/v1/pipeline/samples']) {
      const answer = await askAs('rebound.example', port, path)
      assert.equal(answer, 403, path)
    }
  })

  // The second process of a pipeline with state takes over from the first: this test is the last.
  test('asks for the token from outside; shows no records without the flag; tells that nobody answers', async t => {
    if (isSkipped) return t.skip()
    const words = ['--brokers', broker().brokers, '--listen', '0.0.0.0', '--no-tls']
    const other = await new RunningPipeline(watched, words, {
      MIRACLEC_TOKEN: 'a-token-of-tests'
    }).ready()
    const page = await browser.newPage()
    await page.goto(`http://127.0.0.1:${await other.port()}/`)
    // From outside it shows nothing to those who have no token.
    await page.getByLabel('The token of the pipeline').fill('another')
    await page.keyboard.press('Enter')
    await page.getByLabel('The token of the pipeline').fill('a-token-of-tests')
    assert.equal(await page.locator('#graph .node').count(), 0)
    await page.keyboard.press('Enter')
    await page.locator('#graph .node').first().waitFor()
    await page.getByRole('button', { name: /^Sink risky/ }).click()
    assert.match(await page.locator('#operator').innerText(), /--sample-records/)
    await other.exit('SIGKILL')
    await page.locator('#problems li.bad', { hasText: 'No answer' }).waitFor()
    assert.equal(await page.locator('#state').innerText(), 'no answer')
    await page.close()
  })
})

/** Until the page shows another one. */
async function nextSnapshot(page: Page): Promise<void> {
  const facts = page.locator('#facts')
  const before = await facts.innerText()
  await facts.filter({ hasNotText: before }).waitFor()
}

/** `fetch` lets nobody choose the Host. */
function askAs(host: string, port: number, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    request({ port, path, host: '127.0.0.1', headers: { host } }, answer => {
      answer.resume()
      resolve(answer.statusCode!)
    })
      .on('error', reject)
      .end()
  })
}
