import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** A script that has tests, in itself or beside it; paths as the user named them. */
export interface TestedScript {
  readonly script: string
  /** Null: there is none. */
  readonly testFile: string | null
}

const TEST_FILE = /\.test\.sql$/i
/** A line that begins a TEST statement. Whether it is one is for the parser to say. */
const TEST = /^\s*TEST\s*(?:E?'|\$\$)/im
const skipped = new Set(['node_modules', 'dist-pipelines'])

/** The tested scripts of files and folders, in order; a text: what is wrong with one of the paths. */
export function findTests(paths: readonly string[]): readonly TestedScript[] | string {
  const found = new Map<string, TestedScript>()
  for (const path of paths) {
    if (!existsSync(path)) return `cannot read ${path}: there is no such file or folder`
    const files = statSync(path).isDirectory() ? listFolder(path) : [path]
    for (const file of files) {
      const tested = testedBy(file, file === path)
      if (tested !== null) found.set(resolve(tested.script), tested)
    }
  }
  return [...found.values()]
}

/** The SQL files of a folder and of those in it. */
function listFolder(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true })
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(entry => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) {
        return entry.name.startsWith('.') || skipped.has(entry.name) ? [] : listFolder(path)
      }
      return /\.sql$/i.test(entry.name) ? [path] : []
    })
}

/** The tested script that a file is, or is the test file of; null: it has no tests, and nobody named it. */
function testedBy(file: string, isNamed: boolean): TestedScript | null {
  if (TEST_FILE.test(file)) return { script: file.replace(TEST_FILE, '.sql'), testFile: file }
  const beside = file.replace(/\.sql$/i, '.test.sql')
  const testFile = beside !== file && existsSync(beside) ? beside : null
  if (testFile === null && !isNamed && !TEST.test(readFileSync(file, 'utf8'))) return null
  return { script: file, testFile }
}
