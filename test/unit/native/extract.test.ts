import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { extractNative } from '../../../runtime/native/extract.ts'
import { openPayload, readEntry } from '../../../runtime/native/payload.ts'
import { writePayloadFile } from './payload-file.ts'

const files = {
  'native/kafka/Release/a.node': 'addon',
  'native/kafka/deps/b.so.1': 'library'.repeat(1000),
  'native/onnx/c.node': 'another'
}
let folder = ''
let executable = ''
let cache = ''

beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'miraclec-test-'))
  executable = join(folder, 'pipeline')
  cache = join(folder, 'cache')
  writePayloadFile(executable, files)
})
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }))

function extract(env: NodeJS.ProcessEnv = { XDG_CACHE_HOME: cache }): string {
  return extractNative(openPayload(executable), 'native/kafka/', env)
}

test('one addon is extracted with its layout, to a folder of mode 0700', () => {
  const target = extract()
  assert.equal(fs.readFileSync(join(target, 'Release/a.node'), 'utf8'), 'addon')
  assert.equal(fs.readFileSync(join(target, 'deps/b.so.1'), 'utf8').length, 7000)
  assert.equal(fs.existsSync(join(target, 'c.node')), false)
  for (const path of [target, join(cache, 'miraclec'), join(cache, 'miraclec/native')]) {
    assert.equal(fs.statSync(path).mode & 0o777, 0o700, path)
  }
})

test('a second start writes nothing', () => {
  const before = fs.statSync(join(extract(), 'deps/b.so.1'))
  assert.deepEqual(fs.statSync(join(extract(), 'deps/b.so.1')), before)
})

test('other contents go to another folder', () => {
  const first = extract()
  writePayloadFile(executable, { ...files, 'native/kafka/Release/a.node': 'newer' })
  assert.notEqual(extract(), first)
})

test('a damaged file is replaced', () => {
  const library = join(extract(), 'deps/b.so.1')
  fs.chmodSync(library, 0o700)
  fs.truncateSync(library, 10)
  extract()
  assert.equal(fs.statSync(library).size, 7000)
})

test('a folder that others can write to is refused, and the temporary folder is used', () => {
  fs.mkdirSync(join(cache, 'miraclec/native'), { recursive: true, mode: 0o700 })
  fs.chmodSync(join(cache, 'miraclec/native'), 0o777)
  const temporary = join(folder, 'tmp')
  fs.mkdirSync(temporary)
  withTemporary(temporary, () => assert.ok(extract().startsWith(temporary)))
})

test('nothing is loaded when every folder is unsafe', () => {
  const temporary = join(folder, 'tmp')
  fs.mkdirSync(join(temporary, `miraclec-${process.geteuid?.()}`), { recursive: true })
  fs.chmodSync(join(temporary, `miraclec-${process.geteuid?.()}`), 0o777)
  withTemporary(temporary, () => {
    assert.throws(() => extract({}), /can be written by other users.*Set XDG_CACHE_HOME/)
  })
})

test('a link in place of a folder is refused', () => {
  fs.mkdirSync(join(cache, 'miraclec'), { recursive: true, mode: 0o700 })
  fs.mkdirSync(join(folder, 'elsewhere'), { mode: 0o700 })
  fs.symlinkSync(join(folder, 'elsewhere'), join(cache, 'miraclec/native'))
  withTemporary(executable, () => assert.throws(() => extract(), /native is not a folder/))
})

test('a relative XDG_CACHE_HOME is ignored; HOME is next', () => {
  const target = extract({ XDG_CACHE_HOME: 'relative', HOME: folder })
  assert.ok(target.startsWith(join(folder, '.cache/miraclec/native')))
})

test('processes that start at once share one folder', async () => {
  const script = `
    import { extractNative } from ${JSON.stringify(join(import.meta.dirname, '../../../runtime/native/extract.ts'))}
    import { openPayload } from ${JSON.stringify(join(import.meta.dirname, '../../../runtime/native/payload.ts'))}
    process.stdout.write(extractNative(openPayload(${JSON.stringify(executable)}), 'native/kafka/', process.env))`
  const starts = Array.from({ length: 6 }, async () => {
    const env = { ...process.env, XDG_CACHE_HOME: cache }
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { env })
    const chunks: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    const [code] = (await once(child, 'close')) as [number]
    assert.equal(code, 0)
    return Buffer.concat(chunks).toString()
  })
  const targets = new Set(await Promise.all(starts))
  assert.equal(targets.size, 1)
  // No draft is left behind.
  assert.equal(fs.readdirSync(join(cache, 'miraclec/native')).length, 1)
})

test('an executable that was cut is refused with a sentence', () => {
  fs.truncateSync(executable, fs.statSync(executable).size - 5)
  assert.throws(() => openPayload(executable), /incomplete/)
  fs.truncateSync(executable, 3)
  assert.throws(() => openPayload(executable), /incomplete/)
})

test('damaged contents are not written', () => {
  const payload = openPayload(executable)
  const entry = payload.entries['native/kafka/Release/a.node']!
  const entries = {
    ...payload.entries,
    'native/kafka/Release/a.node': { ...entry, sha256: '0'.repeat(64) }
  }
  const extractDamaged = () =>
    extractNative({ ...payload, entries }, 'native/kafka/', { XDG_CACHE_HOME: cache })
  withTemporary(executable, () => assert.throws(extractDamaged, /damaged/))
  assert.equal(readEntry(payload, 'absent'), null)
})

function withTemporary(path: string, action: () => void): void {
  const saved = process.env['TMPDIR']
  process.env['TMPDIR'] = path
  try {
    action()
  } finally {
    if (saved === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = saved
  }
}
