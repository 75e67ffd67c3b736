import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'

const CACHE = join(import.meta.dirname, '../../../node_modules/.cache/peers/kstreams')

/** Builds the program, with its jars from Maven; the result is the class path to run `Windows` with. Needs a JDK of 17 or newer. */
export function buildKafkaStreams(): string {
  const [libs, classes] = [join(CACHE, 'libs'), join(CACHE, 'classes')]
  if (!existsSync(libs)) {
    const pom = join(import.meta.dirname, 'pom.xml')
    const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${libs}`]
    execFileSync('mvn', ['-q', '-B', '-ntp', '-f', pom, ...goal], { stdio: 'inherit' })
  }
  mkdirSync(classes, { recursive: true })
  const source = join(import.meta.dirname, 'Windows.java')
  execFileSync('javac', ['-cp', `${libs}/*`, '-d', classes, source], { stdio: 'inherit' })
  return `${libs}/*:${classes}`
}
