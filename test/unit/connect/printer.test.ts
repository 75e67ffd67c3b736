import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import { test } from 'node:test'
import { RecordWriter } from '../../../runtime/codec/index.ts'
import { printTo, withPrinter } from '../../../runtime/connect/stdout/index.ts'
import type { Connector, SinkConnection } from '../../../runtime/contract/index.ts'

type Op = 'c' | 'u' | 'd'

/** A batch of records, by their JSON; with an op, changes of a table. */
function batchOf(values: readonly string[], op: Op | null = null) {
  const writer = new RecordWriter()
  for (const value of values) {
    if (op === null) writer.beginAt(0, 0, 0)
    else writer.beginChange(op)
    writer.raw(Buffer.from(value))
    writer.end()
  }
  return writer.take()
}

function collect(format: 'json' | 'table') {
  let text = ''
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString()
      done()
    }
  })
  const printer = printTo(stream, format)
  return { printer, printed: () => text }
}

async function openSink(
  printer: ReturnType<typeof printTo>,
  name: string,
  failed: (error: Error) => void = assert.fail
) {
  const refuse = (): never => assert.fail('no other connector is asked')
  const connector = withPrinter({ openSink: refuse } as unknown as Connector, printer)
  const open = (sink: string): Promise<SinkConnection> =>
    connector.openSink({ name: sink, connector: 'stdout' } as never, {
      refused: refuse,
      backOff: refuse,
      failed,
      connected: up => assert.ok(up)
    })
  return { sink: await open(name), open }
}

test('rows are lines of JSON, changes say what happened', async () => {
  const { printer, printed } = collect('json')
  const { sink } = await openSink(printer, 'stdout')
  await sink.send(batchOf(['{"id":9007199254740993,"a":"x"}', '{"id":2,"a":null}']))
  await sink.send(batchOf(['{"id":3}'], 'd'))
  await sink.flush()
  assert.equal(
    printed(),
    '{"id":9007199254740993,"a":"x"}\n{"id":2,"a":null}\n{"miracledb.op":"d","id":3}\n'
  )
})

test('a table is as wide as its first rows, and its head comes again behind another one', async () => {
  const { printer, printed } = collect('table')
  const { sink, open } = await openSink(printer, 'first')
  const other = await open('second')
  await sink.send(
    batchOf(['{"id":1,"name":"Ann\\u001b\\n"}', '{"id":22222222222222222,"name":null}'])
  )
  await sink.send(batchOf(['{"id":3,"name":{"a":[1, 2.50]}}']))
  await other.send(batchOf(['{"b":true}'], 'u'))
  await sink.send(batchOf(['{"id":4,"name":"Bo"}']))
  assert.deepEqual(printed().split('\n'), [
    'id                 name',
    '-----------------  -----------',
    '                1  Ann\\u001b\\n',
    '22222222222222222  NULL',
    '                3  {"a":[1, 2.50]}',
    'op  b',
    '--  ----',
    'u   true',
    'id                 name',
    '-----------------  -----------',
    '                4  Bo',
    ''
  ])
})

test('a stream that is full is waited for', async () => {
  const waiting: (() => void)[] = []
  const stream = new Writable({
    highWaterMark: 1,
    write(_chunk, _encoding, done) {
      waiting.push(done)
    }
  })
  const { sink } = await openSink(printTo(stream, 'json'), 'stdout')
  let isTaken = false
  const sent = sink.send(batchOf(['{"id":1}'])).then(() => (isTaken = true))
  await new Promise(resolve => setImmediate(resolve))
  assert.equal(isTaken, false)
  waiting[0]!()
  await sent
})

test('a reader that went away is told, and printing goes on into nothing', async () => {
  const stream = new Writable({
    write(_chunk, _encoding, done) {
      done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
    }
  })
  const printer = printTo(stream, 'json')
  const { sink } = await openSink(printer, 'stdout')
  await sink.send(batchOf(['{"id":1}']))
  await printer.closed
  await sink.send(batchOf(['{"id":2}']))
  await sink.flush()
})

test('any other failure of the stream stops the pipeline', async () => {
  const stream = new Writable({
    write(_chunk, _encoding, done) {
      done(Object.assign(new Error('write ENOSPC'), { code: 'ENOSPC' }))
    }
  })
  const { promise, resolve } = Promise.withResolvers<Error>()
  const { sink } = await openSink(printTo(stream, 'json'), 'stdout', resolve)
  await sink.send(batchOf(['{"id":1}']))
  assert.match((await promise).message, /ENOSPC/)
})
