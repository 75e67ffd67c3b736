import assert from 'node:assert/strict'
import { test } from 'node:test'
import { canCopyJson, showType, type SqlType } from '../../../compiler/types/index.ts'
import * as codecs from '../../../runtime/codec/values/index.ts'
import { failure, recordError, RecordWriter } from '../../../runtime/codec/index.ts'
import { Failure } from '../../oracle/failure.ts'
import { parseJson } from '../../oracle/json.ts'
import { readJson } from '../../oracle/read-json.ts'
import { showJson } from '../../oracle/show.ts'
import { makeRandom, type Random } from './random.ts'

const DOCUMENTS = 40_000
const SEED = 20261101

type Codec = codecs.Codec<never>

const scalars = {
  Boolean: [codecs.booleanCodec, 'true', 'false'],
  SmallInt: [codecs.smallintCodec, '32767', '-32768', '32768', '0'],
  Int: [codecs.intCodec, '7', '-2147483648', '2147483648', '-0'],
  BigInt: [codecs.bigintCodec(false), '9223372036854775807', '"12"', '9223372036854775808'],
  Real: [codecs.realCodec, '0.1', '1e39', '-0.0', '16777217'],
  Double: [codecs.doubleCodec, '1.50', '1e300', '1e999', '-0.0', '0.1e1'],
  Text: [codecs.textCodec, '"a\\nb"', '"\\u0061"', '"\\ud800"', '"é"', '""'],
  Json: [codecs.jsonCodec, '{ "a" : [1, null] }', '"x"'],
  Date: [codecs.dateCodec, '"2026-02-28"', '"2026-02-29"', '20000', '"2026-2-1"', '1e9'],
  Time: [codecs.timeCodec, '"10:20"', '"23:59:59.999"', '"24:00"', '"25:00"', '"10:20:30Z"'],
  Timestamp: [codecs.timestampCodec('auto'), '"2026-01-31T10:20:30Z"', '1767225600', '"x"'],
  Interval: [codecs.intervalCodec, '"1 day"', '"P1M2DT3.5S"', '"PT0S"', '"1 fortnight"'],
  Bytes: [codecs.bytesCodec, '"AQI="', '" AQ I="', '"AQ"', '"AR=="', '""']
} as const

type Scalar = keyof typeof scalars

/** A type of up to three levels, with its codec. */
function randomType(random: Random, depth: number): readonly [SqlType, Codec] {
  const kind = depth > 2 ? 0 : random(8)
  if (kind === 1 || kind === 2) {
    const [element, codec] = randomType(random, depth + 1)
    return [{ kind: 'Array', element }, codecs.arrayCodec(codec) as Codec]
  }
  if (kind === 3) {
    const [value, codec] = randomType(random, depth + 1)
    return [{ kind: 'Map', value }, codecs.mapCodec(codec) as Codec]
  }
  if (kind === 4) {
    const names = ['a', 'b', 'é "q"', 'constructor'].slice(0, 1 + random(4))
    const parts = names.map(() => randomType(random, depth + 1))
    const fields = names.map((name, i) => ({ name, type: parts[i]![0], nullable: true }))
    const all = codecs.rowCodec(
      names,
      parts.map(([, codec]) => codec)
    )
    return [{ kind: 'Row', fields }, all as Codec]
  }
  if (kind === 5) return [{ kind: 'Vector', dimensions: 2 }, codecs.vectorCodec(2) as Codec]
  const names = Object.keys(scalars) as Scalar[]
  const name = names[random(names.length)]!
  return [{ kind: name } as SqlType, scalars[name][0] as unknown as Codec]
}

const SPACES = ['', '', '', ' ', '\n\t']
const WRONG = ['1', '"x"', '[]', '{}', 'true', '[null]', '{"a":1}', '1.5', '[1,"x"]']

/** JSON of the type, mostly; spaces and members come as they like. */
function randomJson(random: Random, type: SqlType): string {
  const space = (): string => SPACES[random(SPACES.length)]!
  const join = (items: readonly string[]): string =>
    items.map(item => space() + item + space()).join(',') || space()
  const times = <T>(count: number, make: (index: number) => T): T[] =>
    Array.from({ length: count }, (_, i) => make(i))
  if (random(12) === 0) return 'null'
  if (random(25) === 0) return WRONG[random(WRONG.length)]!
  switch (type.kind) {
    case 'Array':
      return `[${join(times(random(4), () => randomJson(random, type.element)))}]`
    case 'Vector':
      return `[${join(times(random(9) === 0 ? 3 : 2, () => randomJson(random, { kind: 'Double' })))}]`
    case 'Map': {
      const keys = ['"k"', '"\\u006b"', '""', '"__proto__"', '"2"', '"1"']
      const member = (): string =>
        `${keys[random(keys.length)]!}${space()}:${space()}${randomJson(random, type.value)}`
      return `{${join(times(random(4), member))}}`
    }
    case 'Row': {
      const count = random(type.fields.length + 3)
      const member = (): string => {
        const { name, type: inner } = type.fields[random(type.fields.length)]!
        if (random(6) === 0) return `"other"${space()}:${space()}[1,{"a":"b"}]`
        return `${JSON.stringify(name)}${space()}:${space()}${randomJson(random, inner)}`
      }
      return `{${join(times(count, member))}}`
    }
    default: {
      const texts = scalars[type.kind as Scalar].slice(1) as readonly string[]
      return texts[random(texts.length)]!
    }
  }
}

/** What the twin makes of it: the JSON that a sink writes, or the code of the failure. */
function expected(json: string, type: SqlType): string {
  try {
    return showJson(readJson(parseJson(json, 512), type, null), type)
  } catch (error) {
    if (error instanceof Failure) return error.code
    throw error
  }
}

const writer = new RecordWriter()

function written(write: (writer: RecordWriter) => void): string {
  writer.clear()
  writer.beginAt(0, 0, 0)
  write(writer)
  writer.end()
  const { bytes, valueStart, valueEnd } = writer.take()
  return Buffer.from(bytes.subarray(valueStart[0]!, valueEnd[0]!)).toString()
}

function writeValue(value: never, codec: Codec): string {
  return written(out => (value === null ? out.null() : codec.write(out, value)))
}

test('codecs of every type read and write as the twin does', () => {
  const random = makeRandom(SEED)
  let failures = 0
  for (let i = 0; i < DOCUMENTS; i++) {
    const [type, codec] = randomType(random, 0)
    const json = randomJson(random, type)
    const bytes = Buffer.from(` ${json} `)
    const end = bytes.length - 1
    const label = `${showType(type)}: ${json}`
    const slot = { value: null as never }
    const after = codecs.readValue(bytes, 1, end, slot, codec)
    const said =
      after < 0 ? recordError(failure(after, 0), 0, []).code : writeValue(slot.value, codec)
    assert.equal(said, expected(json, type), label)
    if (after < 0) {
      failures++
      continue
    }
    assert.equal(after, end, label)
    // What a writer has written comes back, and may be copied.
    const own = Buffer.from(said)
    assert.equal(codecs.readValue(own, 0, own.length, slot, codec), own.length, label)
    assert.equal(writeValue(slot.value, codec), said, label)
    if (canCopyJson(type, false)) assert.equal(codec.check(own, 0, own.length), own.length, label)
  }
  assert.ok(failures > DOCUMENTS / 20 && failures < DOCUMENTS / 2, String(failures))
})

test('a copied column is what its value would be written as', () => {
  const random = makeRandom(SEED + 1)
  const range = new Int32Array(2)
  let copied = 0
  for (let i = 0; i < DOCUMENTS; i++) {
    const [type, codec] = randomType(random, 0)
    const json = randomJson(random, type)
    const bytes = Buffer.from(json)
    const label = `${showType(type)}: ${json}`
    const slot = { value: null as never }
    const after = codecs.rangeValue(bytes, 0, bytes.length, range, 0, slot, codec)
    const want = expected(json, type)
    if (after < 0) {
      assert.equal(recordError(failure(after, 0), 0, []).code, want, label)
      continue
    }
    const said = written(out =>
      range[0] === -1
        ? out.null()
        : codecs.writeRange(out, bytes, range[0]!, range[1]!, slot.value, codec)
    )
    if (range[0]! >= 0) copied++
    assert.deepEqual(JSON.parse(said), JSON.parse(want), label)
  }
  assert.ok(copied > DOCUMENTS / 10, String(copied))
})
