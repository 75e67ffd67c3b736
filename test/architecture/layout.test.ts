import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { basename } from 'node:path'
import { test } from 'node:test'
import { listFiles, root } from './source-files.ts'

const files = listFiles()

/** A name that says nothing about its contents: such files collect what nobody found a place for. */
const EMPTY_NAME = /(^|-)(utils?|helpers?|misc|common|shared|manager|stuff)(\.|-|$)/
const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*(\.d|\.test)?\.(ts|mjs)$/

test('files are named after what is in them', () => {
  const sources = files.filter(file => /\.(ts|mjs)$/.test(file))
  assert.deepEqual(
    sources.filter(file => EMPTY_NAME.test(basename(file))),
    []
  )
  const handWritten = sources.filter(file => !file.includes('/generated/'))
  assert.deepEqual(
    handWritten.filter(file => !KEBAB.test(basename(file))),
    []
  )
})

test('every top-level folder has a README', () => {
  const folders = new Set(files.filter(file => file.includes('/')).map(file => file.split('/')[0]!))
  const documented = [...folders].filter(folder => !folder.startsWith('.'))
  assert.deepEqual(
    documented.filter(folder => !files.includes(`${folder}/README.md`)),
    []
  )
})

/** Each writes committed files, or with `--check` fails when they are not what it would write. */
const generators = [
  'grammar/generate.ts',
  'runtime/codec/generate-modules.ts',
  'compiler/functions/generate-docs.ts'
]
for (const generator of generators) {
  test(`what ${generator} generates is fresh`, () => {
    execFileSync(process.execPath, [generator, '--check'], { cwd: root, stdio: 'pipe' })
  })
}
