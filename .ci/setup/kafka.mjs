import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { reportSkipped } from './report-skipped.mjs'
import { MODULES, ROOT, hasCommand, runStep } from './shell.mjs'

const pom = join(ROOT, 'test/support/kafka/pom.xml')
const folder = join(MODULES, '.cache/kafka')
/** Where `test/support` finds the broker's jars. */
const libs = join(folder, 'libs')
const stamp = join(folder, 'pom.sha256')

const ADVICE =
  'install Java 17 or newer and Maven (Debian: apt-get install openjdk-17-jre-headless maven, or default-jre-headless maven)'

/** Copies Apache Kafka's jars from Maven's repository. Without Java or Maven the tests on a real broker can't run. */
export async function fetchKafka() {
  const missing = ['java', 'mvn'].filter(command => !hasCommand(command))
  if (missing.length > 0) {
    const what = `${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} missing`
    reportSkipped('on a real Kafka broker', what, ADVICE)
    return
  }
  const key = createHash('sha256').update(readFileSync(pom)).digest('hex')
  if (existsSync(libs) && existsSync(stamp) && readFileSync(stamp, 'utf8') === key) return
  const draft = join(folder, 'draft')
  rmSync(draft, { recursive: true, force: true })
  mkdirSync(draft, { recursive: true })
  const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${draft}`]
  await runStep('fetch Apache Kafka for the tests', 'mvn', ['-B', '-ntp', '-f', pom, ...goal])
  rmSync(libs, { recursive: true, force: true })
  renameSync(draft, libs)
  writeFileSync(stamp, key)
}
