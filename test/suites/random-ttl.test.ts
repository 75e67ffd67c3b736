import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileFixture, openScriptFolder } from '../support/compile-fixture.ts'
import { makeRandom, pick, type Random } from '../support/functions/random-value.ts'
import { inPassingFile, loadPipeline, type LoadedPipeline } from '../support/load-pipeline.ts'
import { shrinkList } from '../support/random-events/shrink-list.ts'
import { SteppedPipeline } from '../support/random-events/stepped-pipeline.ts'
import {
  makeTtlSteps,
  models,
  TTL,
  type TtlModel,
  type TtlStep,
  Uses
} from '../support/random-ttl/make-ttl.ts'
import { toBytes } from '../support/records.ts'
import { openStateFolder } from '../support/state-folder.ts'

// What SET state_ttl forgets, and what it must not forget: in memory and on the disk, in one process after the other.

const RUNS = Number(process.env['SEEDS'] ?? (process.env['CI'] === undefined ? 8 : 60))
/** RANDOM_TTL_SEED=n begins with that one. */
const SEED = Number(process.env['RANDOM_TTL_SEED'] ?? 1)
const STEPS = 30

for (const model of models) {
  test(`what is idle for too long is gone, and nothing else: ${model.name}`, async () => {
    const ways = await Promise.all([true, false].map(optimize => load(model, optimize)))
    for (let seed = SEED; seed < SEED + RUNS; seed++) {
      const random = makeRandom(seed)
      const loaded = pick(random, ways)
      const isOnDisk = random(2) === 0
      await checkSteps(model, loaded, isOnDisk, random, seed)
    }
  })
}

function scriptOf({ format, select }: TtlModel): string {
  const sources = ['a', 'b'].map(
    name => `CREATE SOURCE ${name} FROM KAFKA (topic = '${name}') SCHEMA (id INT, k TEXT, n INT);`
  )
  return `SET state_ttl = '${TTL / 1000} s';
${sources.join('\n')}
CREATE SINK o TO KAFKA (topic = 'o', format = '${format}') AS ${select};
`
}

async function load(model: TtlModel, optimize: boolean): Promise<LoadedPipeline> {
  using folder = openScriptFolder(new TextEncoder().encode(scriptOf(model)))
  const { compiled } = compileFixture(folder, optimize)
  return inPassingFile(path => loadPipeline(compiled, path))
}

async function checkSteps(
  model: TtlModel,
  loaded: LoadedPipeline,
  isOnDisk: boolean,
  random: Random,
  seed: number
): Promise<void> {
  const steps = makeTtlSteps(random, STEPS)
  const find = (some: readonly TtlStep[]) => findDifference(model, loaded, isOnDisk, some)
  if ((await find(steps)) === null) return
  const less = await shrinkList(steps, async some => (await find(some)) !== null)
  const shown = less.map(step => JSON.stringify(step)).join('\n')
  const place = isOnDisk ? 'on the disk' : 'in memory'
  assert.fail(
    `RANDOM_TTL_SEED=${seed}, ${place}: ${await find(less)}\n${scriptOf(model)}\n${shown}`
  )
}

/** Null: each step tells what the model says. */
async function findDifference(
  model: TtlModel,
  loaded: LoadedPipeline,
  isOnDisk: boolean,
  steps: readonly TtlStep[]
): Promise<string | null> {
  using folder = openStateFolder()
  const pipeline = new SteppedPipeline(loaded, isOnDisk ? folder.path : null)
  const tell = model.tell()
  let read = 0
  const uses = new Uses()
  try {
    await pipeline.pass(0)
    for (const step of steps) {
      if (step.restarts) {
        await pipeline.restart()
        uses.restart()
      }
      await pipeline.pass(step.passed)
      uses.pass(step.passed)
      await pipeline.give(
        step.events.map(({ topic, ...event }) => {
          const value = toBytes(JSON.stringify(event))
          return { topic, key: null, value, timestamp: pipeline.now }
        })
      )
      const records = pipeline.topics.read('o')
      const told = records.slice(read).map(({ value }) => value && new TextDecoder().decode(value))
      read = records.length
      if (step.events.some(({ topic }) => model.reads.includes(topic))) uses.commit()
      const expected = tell(step, uses).sort()
      if (JSON.stringify(told.sort()) !== JSON.stringify(expected)) {
        return `${JSON.stringify(step)}\ntold ${told.join(' ')}\nexpected ${expected.join(' ')}`
      }
    }
    return null
  } finally {
    await pipeline.stop()
  }
}
