import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { reportSkipped } from './report-skipped.mjs'
import { MODULES, ROOT, hasCommand, runStep } from './shell.mjs'

const ADVICE =
  'install Java 17 or newer and Maven (Debian: apt-get install openjdk-17-jre-headless maven, or default-jre-headless maven)'

/**
 * Copies what a pom.xml of the tests names from Maven's repository to a folder of the cache, once per version of the pom. `goal` does
 * it, with `-DoutputDirectory`. Without Java or Maven the tests that need it can't run.
 */
async function fetchWithMaven({ name, tests, title, goal, folder }) {
  const pom = join(ROOT, `test/support/${name}/pom.xml`)
  const cache = join(MODULES, `.cache/${name}`)
  const target = join(cache, folder)
  const stamp = join(cache, 'pom.sha256')
  const missing = ['java', 'mvn'].filter(command => !hasCommand(command))
  if (missing.length > 0) {
    const what = `${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} missing`
    reportSkipped(tests, what, ADVICE)
    return
  }
  const key = createHash('sha256').update(readFileSync(pom)).digest('hex')
  if (existsSync(target) && existsSync(stamp) && readFileSync(stamp, 'utf8') === key) return
  const draft = join(cache, 'draft')
  rmSync(draft, { recursive: true, force: true })
  mkdirSync(draft, { recursive: true })
  await runStep(title, 'mvn', ['-B', '-ntp', '-f', pom, goal, `-DoutputDirectory=${draft}`])
  rmSync(target, { recursive: true, force: true })
  renameSync(draft, target)
  writeFileSync(stamp, key)
}

/** Where `test/support/kafka` finds the broker's jars: node_modules/.cache/kafka/libs. */
export function fetchKafka() {
  return fetchWithMaven({
    name: 'kafka',
    tests: 'on a real Kafka broker',
    title: 'fetch Apache Kafka for the tests',
    goal: 'dependency:copy-dependencies',
    folder: 'libs'
  })
}

/** Where `test/support/registry` finds Apicurio's registry: node_modules/.cache/registry/app. */
export function fetchRegistry() {
  return fetchWithMaven({
    name: 'registry',
    tests: 'with a real schema registry',
    title: 'fetch the Apicurio registry for the tests',
    goal: 'dependency:unpack',
    folder: 'app'
  })
}
