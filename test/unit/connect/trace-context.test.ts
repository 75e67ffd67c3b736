import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  contextAmong,
  packedContext,
  packHeaders,
  TraceContextFinder,
  unpackHeaders
} from '../../../runtime/codec/index.ts'
import { encodeHeaders } from '../../../runtime/connect/produce/record-headers.ts'
import { readTraceContext } from '../../../runtime/connect/wire/read-headers.ts'
import type { RecordHeader } from '../../../runtime/contract/index.ts'
import { traceContext } from '../../oracle/trace-context.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const SPAN = '00f067aa0ba902b7'
const GOOD = `00-${TRACE}-${SPAN}-01`

type Pair = readonly [name: string, value: string | null]

const cases: Readonly<Record<string, readonly Pair[]>> = {
  none: [],
  'others only': [
    ['a', 'b'],
    ['traceparents', GOOD],
    ['Traceparent', GOOD],
    ['tracestat3', 'x']
  ],
  alone: [['traceparent', GOOD]],
  'with a state, behind others': [
    ['x', null],
    ['é', 'ü'],
    ['tracestate', 'a=1'],
    ['traceparent', GOOD]
  ],
  'not sampled': [['traceparent', `00-${TRACE}-${SPAN}-00`]],
  'a later version': [['traceparent', `cc-${TRACE}-${SPAN}-01-what the future brings`]],
  'a later version, too long': [['traceparent', `cc-${TRACE}-${SPAN}-01-${'x'.repeat(201)}`]],
  'a later version without a dash': [['traceparent', `cc-${TRACE}-${SPAN}-01x`]],
  'version ff': [['traceparent', `ff-${TRACE}-${SPAN}-01`]],
  'upper case': [['traceparent', GOOD.toUpperCase()]],
  'more behind it': [['traceparent', `${GOOD}-x`]],
  'too short': [['traceparent', GOOD.slice(0, -1)]],
  'no trace': [['traceparent', `00-${'0'.repeat(32)}-${SPAN}-01`]],
  'no span': [['traceparent', `00-${TRACE}-${'0'.repeat(16)}-01`]],
  'no dash': [['traceparent', GOOD.replace('-', '0')]],
  null: [['traceparent', null]],
  empty: [['traceparent', '']],
  'the last counts': [
    ['traceparent', GOOD],
    ['tracestate', 'a=1'],
    ['traceparent', `00-${TRACE}-${SPAN}-00`],
    ['tracestate', 'b=2']
  ],
  'the last is malformed': [
    ['traceparent', GOOD],
    ['traceparent', 'x']
  ],
  'a state alone': [['tracestate', 'a=1']],
  'a state of null': [
    ['traceparent', GOOD],
    ['tracestate', 'a=1'],
    ['tracestate', null]
  ],
  'the longest state': [
    ['traceparent', GOOD],
    ['tracestate', 'x'.repeat(512)]
  ],
  'a longer state': [
    ['traceparent', GOOD],
    ['tracestate', 'x'.repeat(513)]
  ]
}

function headersOf(pairs: readonly Pair[]): RecordHeader[] {
  return pairs.map(([key, value]) => ({ key, value: value === null ? null : Buffer.from(value) }))
}

function show(packed: Uint8Array | null): unknown {
  return packed === null
    ? []
    : unpackHeaders(packed, 0).map(({ key, value }) => [key, Buffer.from(value!).toString()])
}

test('a trace context is found in headers of each form, as the slow twin finds it', () => {
  // One for all: nothing of a record stays for the next.
  const finder = new TraceContextFinder()
  for (const [name, pairs] of Object.entries(cases)) {
    const headers = headersOf(pairs)
    const expected = traceContext({ headers } as never).map(({ key, value }) => [
      key,
      Buffer.from(value!).toString()
    ])
    const count = Buffer.alloc(4)
    count.writeInt32LE(headers.length)
    const packed = Buffer.concat([Buffer.from('before'), count, packHeaders(headers)])
    const wire = Buffer.concat([Buffer.from('before'), encodeHeaders(headers)])
    assert.deepEqual(show(packedContext(finder, packed, 6)), expected, `${name}, packed`)
    assert.deepEqual(show(readTraceContext(finder, wire, 6)), expected, `${name}, as sent`)
    assert.deepEqual(show(contextAmong(finder, headers)), expected, `${name}, as objects`)
  }
  const found = Object.values(cases).filter(pairs => contextAmong(finder, headersOf(pairs)))
  assert.equal(found.length, 8)
  assert.equal(packedContext(finder, Buffer.alloc(0), -1), null)
})

test('headers that end too early hold no context', () => {
  const finder = new TraceContextFinder()
  const whole = encodeHeaders(headersOf([['traceparent', GOOD]]))
  for (let length = 0; length < whole.length; length++) {
    assert.equal(readTraceContext(finder, whole.slice(0, length), 0), null, String(length))
  }
})
