import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'

/** Of what is built and installed here, on demand. */
export const CACHE = join(import.meta.dirname, '../../node_modules/.cache/peers')

/** Those that this machine lacks. */
export function missingTools(tools: readonly string[]): readonly string[] {
  return tools.filter(tool => spawnSync('which', [tool]).status !== 0)
}

/** Compiles the programs of a folder with a `pom.xml`; the result is the class path. Needs a JDK of 17 or newer, and Maven. */
export function buildJava(folder: string, name: string): string {
  const [libs, classes] = [fetchJars(folder, name), join(CACHE, name, 'classes')]
  mkdirSync(classes, { recursive: true })
  const sources = execFileSync('find', [folder, '-name', '*.java'], { encoding: 'utf8' })
  const words = ['-nowarn', '-cp', `${libs}/*`, '-d', classes, ...sources.trim().split('\n')]
  execFileSync('javac', words, { stdio: 'inherit' })
  return `${libs}/*:${classes}`
}

/** The folder of what the `pom.xml` of a folder names. */
export function fetchJars(folder: string, name: string): string {
  const libs = join(CACHE, name, 'libs')
  if (existsSync(libs)) return libs
  const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${libs}`]
  const words = ['-q', '-B', '-ntp', '-f', join(folder, 'pom.xml'), ...goal]
  execFileSync('mvn', [...words, '-DincludeScope=runtime'], { stdio: 'inherit' })
  return libs
}
