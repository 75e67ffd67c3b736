import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { DecodeStatus, isUtf8Range, validateJson } from '../../../runtime/codec/index.ts'
import { decodeEverything } from './everything.ts'
import { places, type Placed } from './places.ts'

const folder = join(import.meta.dirname, '../../../../shared/suites/json-test-suite/test_parsing')

/** RFC 8259 leaves the i_ files open. Numbers of any size and lone surrogates in escapes are syntax; bytes must be UTF-8. */
const ACCEPTED_OPEN_CASES =
  /^i_(number|object_key_lone|structure_500|string_(1st|incomplete|invalid_(lonely|surrogate)|inverted|lone_second))/

function isAccepted(place: Placed): boolean {
  return (
    isUtf8Range(place.bytes, place.start, place.end) &&
    validateJson(place.bytes, place.start, place.end)
  )
}

test(
  'json-test-suite',
  { skip: existsSync(folder) ? false : '318 files skipped: ../shared/suites is absent' },
  t => {
    const files = readdirSync(folder)
    let open = 0
    for (const file of files) {
      const record = readFileSync(join(folder, file))
      const expected = file[0] === 'y' ? true : file[0] === 'n' ? false : null
      if (expected === null) open++
      for (const [name, put] of Object.entries(places)) {
        const alone = isAccepted(put(record))
        if (expected !== null) assert.equal(alone, expected, `${file} in ${name}`)
        const wrapped = put(Buffer.concat([Buffer.from('{"x": '), record, Buffer.from('}')]))
        const utf8 = isUtf8Range(wrapped.bytes, wrapped.start, wrapped.end)
        const status = decodeEverything(wrapped.bytes, wrapped.start, wrapped.end)
        assert.equal(utf8 && status === DecodeStatus.Ok, alone, `${file} as a member, in ${name}`)
        if (expected === null)
          assert.equal(alone, ACCEPTED_OPEN_CASES.test(file), `${file} in ${name}`)
      }
    }
    assert.equal(files.length, 318)
    t.diagnostic(`${files.length} files, ${open} of them open cases, twice each`)
  }
)
