import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { Script } from 'node:vm'
import type { Browser, Page } from 'playwright-core'
import { prepareLazyParts } from '../../compiler/bundle/lazy-parts.ts'
import { LOCAL } from '../../runtime/access/listen.ts'
import { makeMemoryConnector, makeMemoryTopics } from '../../runtime/connect/memory/index.ts'
import { observeRoutes } from '../../runtime/http/observe-routes.ts'
import { startHttpServer } from '../../runtime/http/server.ts'
import { makeLogger } from '../../runtime/observe/log.ts'
import { planNodes } from '../../runtime/observe/operators.ts'
import { RecordSamples } from '../../runtime/observe/record-samples.ts'
import type { WatchPart } from '../../runtime/observe/watch-part.ts'
import { startPipeline } from '../../runtime/pipeline/start-pipeline.ts'
import { systemClock } from '../../runtime/time/clock.ts'
import { visible } from '../../runtime/watch/page/visible.ts'
import { browserMissing, openBrowser } from '../support/browser.ts'
import { compileFixture, openScriptFolder } from '../support/compile-fixture.ts'
import { makeRandom } from '../support/functions/random-value.ts'
import { hostile, hostileSeed, makeNames, quoteName, quoteText } from '../support/hostile-text.ts'
import { loadPipeline, lookingPipeline } from '../support/load-pipeline.ts'

const ROUNDS = 6
/** Line ends are drawn as such, or as spaces; nothing else that is hidden reaches the page. */
const DANGER =
  /[\0-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\p{Surrogate}/u

/** What a script and its records hold. */
interface Texts {
  /** All different. */
  readonly names: readonly string[]
  readonly value: string
}

const plain: Texts = { names: Array.from({ length: 10 }, (_, i) => `n${i}`), value: 'v' }

function hostileTexts(round: number): Texts {
  const random = makeRandom(hostileSeed * 1000 + round)
  return { names: makeNames(random, 10), value: hostile(random) }
}

/** With something of each kind that the page shows: errors too. */
function scriptOf({ names, value }: Texts): string {
  const [source, users, table, sink, windows, id, text, at, alias, other] = names.map(quoteName)
  const topic = (n: number): string => quoteText(`t${n}${names[n]}`)
  return `SET commit_interval = '20 ms';
CREATE SOURCE ${source} FROM KAFKA (topic = ${topic(0)}, group_id = ${quoteText(`g${value}`)})
  SCHEMA (${id} INT NOT NULL, ${text} TEXT, ${at} TIMESTAMP, WATERMARK FOR ${at} AS ${at} - INTERVAL '1' SECOND)
  ON ERROR (action = 'dead_letter', dead_letter_topic = ${quoteText(`d${value}`)});
CREATE SOURCE ${users} FROM KAFKA (topic = ${topic(1)}, group_id = 'g', format = 'upsert')
  SCHEMA (${id} INT, ${other} TEXT, PRIMARY KEY (${id}));
CREATE TABLE ${table} (${id} INT PRIMARY KEY, ${alias} TEXT DEFAULT ${quoteText(value)});
INSERT INTO ${table} (${id}) VALUES (1);
CREATE SINK ${sink} TO KAFKA (topic = ${topic(3)});
INSERT INTO ${sink} SELECT a.${id}, b.${other} AS ${alias}, ${quoteText(value)} || a.${text} AS ${other}, 10 / a.${id} AS tenth
FROM ${source} a LEFT JOIN ${users} b ON a.${id} = b.${id} WHERE a.${text} <> 'none';
CREATE SINK ${windows} TO KAFKA (topic = ${topic(4)}) AS
SELECT time_bucket('1 second', ${at}) AS ${at}, ${text}, COUNT(*) AS ${alias} FROM ${source} GROUP BY time_bucket('1 second', ${at}), ${text};
`
}

async function startServed(name: string, texts: Texts, watch: WatchPart) {
  using folder = openScriptFolder(Buffer.from(scriptOf(texts)), {}, `${name}.sql`)
  const { compiled } = compileFixture(folder, true, true)
  const loaded = await loadPipeline(compiled, join(import.meta.dirname, `_actual/${name}.ts`))
  const { definition, models } = lookingPipeline(loaded)
  const topics = makeMemoryTopics()
  const [, , , , , id, text, at, , other] = texts.names
  const write = (topic: string, key: string | null, members: readonly (readonly unknown[])[]) => {
    // By hand: an object of JavaScript has no key __proto__ of its own.
    const pairs = members.map(pair => pair.map(one => JSON.stringify(one)).join(':'))
    const value = Buffer.from(`{${pairs.join(',')}}`)
    topics.append(topic, { key: key === null ? null : Buffer.from(key), value, timestamp: 0 })
  }
  const [rows, users] = [0, 1].map(n => `t${n}${texts.names[n]}`) as [string, string]
  for (const n of [0, 1, 2]) {
    write(rows, texts.value, [
      [id, n],
      [text, texts.value],
      [at, `2026-01-01T00:00:0${n * 3}Z`]
    ])
  }
  write(rows, null, [[text, texts.value]])
  write(users, texts.value, [
    [id, 1],
    [other, texts.value]
  ])
  const lines: Record<'json' | 'text', string[]> = { json: [], text: [] }
  const logs = (['json', 'text'] as const).map(format =>
    makeLogger({
      format,
      level: 'debug',
      clock: systemClock,
      write: line => void lines[format].push(line)
    })
  )
  const samples = new RecordSamples(systemClock)
  const pipeline = await startPipeline(definition, {
    connector: makeMemoryConnector(topics, systemClock),
    clock: systemClock,
    log: {
      log: (...words) => logs.forEach(log => log.log(...words)),
      limited: (...words) => logs.forEach(log => log.limited(...words))
    },
    models,
    samples
  })
  const server = await startHttpServer(
    0,
    observeRoutes({
      ...{ definition, samples, isLocal: true },
      current: () => pipeline,
      load: () => watch
    }),
    {
      ...{ listening: LOCAL, token: null, open: [] },
      report: error => {
        throw error
      }
    }
  )
  return {
    ...{ definition, pipeline, lines },
    url: `http://127.0.0.1:${server.port}/`,
    async stop() {
      await pipeline.stop()
      await server.close()
    }
  }
}

const missing = browserMissing()
const isSkipped = missing !== null && process.env['CI'] === undefined
if (isSkipped) console.warn(`\n!!! SKIPPED, no browser: ${missing}\n`)

describe('whatever a script and its records hold, pages, screens and logs show it as text', () => {
  let browser: Browser
  let watch: WatchPart
  /** The kinds of elements that the page has where nothing is hostile. */
  let usual: ReadonlySet<string>
  const opened: { stop(): Promise<void> }[] = []

  before(async () => {
    if (isSkipped) return
    if (missing !== null) throw new Error(missing)
    const { path } = (await prepareLazyParts([])).find(({ name }) => name === 'watch.cjs')!
    const open = new Script(readFileSync(path, 'latin1')).runInThisContext() as OpenPart
    watch = open(createRequire(import.meta.url))
    browser = await openBrowser()
    usual = (await lookAt('hostile-page-plain', plain)).kinds
  })
  after(async () => {
    for (const one of opened) await one.stop()
    await browser?.close()
  })

  /** All that the page shows; what it complains of, asks elsewhere for, or says in a dialog is an error. */
  async function lookAt(name: string, texts: Texts) {
    const served = await startServed(name, texts, watch)
    opened.push(served)
    const page = await browser.newPage()
    const complaints: string[] = []
    page.on('console', message => complaints.push(message.text()))
    page.on('pageerror', error => complaints.push(error.message))
    page.on('dialog', dialog => complaints.push(`says ${dialog.message()}`))
    page.on('request', request => {
      if (!request.url().startsWith(served.url)) complaints.push(`asks ${request.url()}`)
    })
    await page.goto(served.url)
    await page.locator('#errors tr', { hasText: 'division-by-zero' }).waitFor()
    const kinds = new Set<string>()
    const shown: string[] = []
    // Each operator, with the last rows that it has seen.
    for (const operator of await page.locator('#graph .node').all()) {
      await operator.focus()
      await page.keyboard.press('Enter')
      await page.locator('#operator h3').waitFor()
      for (const kind of await kindsOf(page)) kinds.add(kind)
      shown.push(await page.content())
    }
    const titles = await page.locator('#graph .node title').allTextContents()
    const pwned = await page.evaluate('globalThis.pwned')
    await page.close()
    const now = served.pipeline.snapshot()
    const plan = { text: served.definition.plan.text, nodes: planNodes(served.definition) }
    const screens = [watch.renderStatus(now, now, 80), watch.renderAnalysis(plan, now, now, 80)]
    return { ...served, complaints, kinds, shown, titles, pwned, screens }
  }

  for (let round = 0; round < ROUNDS; round++) {
    test(`seed ${hostileSeed}, round ${round}`, async t => {
      if (isSkipped) return t.skip()
      const name = `hostile-page-${round}`
      const seen = await lookAt(name, hostileTexts(round))
      const { complaints, kinds, shown, titles, pwned, screens, definition, lines } = seen
      assert.deepEqual(complaints, [])
      assert.equal(pwned, undefined)
      for (const kind of kinds) assert.ok(usual.has(kind), kind)
      for (const page of shown) assert.doesNotMatch(page, DANGER)
      const named = planNodes(definition).map(({ kind, title }) => visible(`${kind} ${title}`))
      assert.deepEqual(titles, named)
      for (const screen of screens) assert.doesNotMatch(screen, DANGER)
      for (const format of ['json', 'text'] as const) {
        assert.ok(lines[format].length > 0)
        const text = lines[format].join('')
        assert.equal(text.split('\n').length - 1, lines[format].length, 'a line each')
        assert.doesNotMatch(text, DANGER, format)
      }
      for (const line of lines.json) JSON.parse(line)
    })
  }
})

type OpenPart = (require: NodeJS.Require) => WatchPart

/** Each element as its tag with the names of its attributes. */
async function kindsOf(page: Page): Promise<readonly string[]> {
  const kinds = await page.evaluate(
    `[...document.querySelectorAll('*')].map(one => [one.localName, ...one.getAttributeNames().sort()].join(' '))`
  )
  return kinds as readonly string[]
}
