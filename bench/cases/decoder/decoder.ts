import { isUtf8 } from 'node:buffer'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Batch, SourceTask } from '../../../runtime/index.ts'
import { txn130, txn1k, txn1kText } from '../../data/transactions.ts'
import type { BenchCase } from '../../harness/case.ts'
import { bestOf, type Figure, ratioOf } from '../../harness/figure.ts'
import { loadGenerated } from '../../harness/load-generated.ts'
import { sampleInTurn } from '../../harness/sample.ts'

const SCRIPT = join(import.meta.dirname, 'decoder.sql')
const RECORDS_PER_SAMPLE = 60_000

interface Size {
  readonly name: string
  readonly record: (n: number) => Uint8Array
  readonly count: number
  /** Million records a second, and times JSON.parse. */
  readonly rate: number
  readonly ratio: number
}

const sizes: readonly Size[] = [
  { name: '130 B', record: txn130, count: 2000, rate: 3, ratio: 2.5 },
  { name: '1 KB, 7 fields', record: txn1kText, count: 1000, rate: 2.5, ratio: 3 },
  { name: '1 KB, 24 fields', record: txn1k, count: 1000, rate: 2.5, ratio: 3 }
]

/** The generated decoder on one core, everything validated, beside JSON.parse and the same three fields. */
export const decoder: BenchCase = {
  title: '3 of 6 columns of a record',
  async run() {
    const figures: Figure[] = []
    for (const size of sizes) figures.push(...(await measure(size)))
    return figures
  }
}

async function measure({ name, record, count, rate, ratio }: Size): Promise<readonly Figure[]> {
  const records = Array.from({ length: count }, (_, n) => record(n))
  const scanner = await openTask(records, batch => batch)
  // Bytes outside of the scanner's memory: what happens when batches don't fit into it.
  const plain = await openTask(records, moveElsewhere)
  const passes = Math.round(RECORDS_PER_SAMPLE / count)
  const fewer = Math.ceil(passes / 4)
  const rates = sampleInTurn({
    generated: () => decodeAll(scanner, passes),
    plain: () => decodeAll(plain, fewer),
    parse: () => parseAll(plain.batch, fewer)
  })
  const unit = 'M records/CPU-s'
  const better = 'more'
  return [
    bestOf({ name: `${name}, generated decoder`, unit, better, bar: rate }, rates.generated),
    bestOf({ name: `${name}, without WebAssembly`, unit, better }, rates.plain),
    bestOf({ name: `${name}, JSON.parse`, unit, better }, rates.parse),
    ratioOf(
      { name: `${name}, times JSON.parse`, unit: 'x', better, bar: ratio },
      rates.generated,
      rates.parse
    )
  ]
}

interface OpenTask {
  readonly task: SourceTask
  readonly batch: Batch
}

async function openTask(
  records: readonly Uint8Array[],
  place: (batch: Batch) => Batch
): Promise<OpenTask> {
  const { pipeline, BatchBuffer, RecordWriter } = await loadGenerated(
    'decoder',
    readFileSync(SCRIPT)
  )
  const batch = new BatchBuffer((_, record, error) => {
    throw new Error(`record ${record} is refused: ${error.message}`)
  })
  const received = records.map((value, offset) => ({
    key: null,
    value,
    partition: 0,
    offset,
    timestamp: 0
  }))
  batch.fill(received, () => [])
  const writer = new RecordWriter()
  const refuse = (name: string): never => {
    throw new Error(`there is no ${name}`)
  }
  const { tasks } = pipeline.open({
    writer: () => writer,
    model: refuse,
    table: refuse,
    keep: () => refuse('state'),
    combine: () => refuse('an exchange'),
    clock: refuse,
    schemas: refuse,
    watermark: () => refuse('watermark'),
    processed: () => refuse('processed'),
    rows: refuse,
    now: () => 0,
    elapsed: () => 0,
    look: () => refuse('look')
  })
  return { task: tasks[0]!, batch: place(batch) }
}

function moveElsewhere(batch: Batch): Batch {
  const { count, size, utf8, keyStart, keyEnd, partition, offset, timestamp } = batch
  const first = batch.valueStart[0]!
  return {
    ...{ count, size, utf8, keyStart, keyEnd, partition, offset, timestamp },
    bytes: batch.bytes.slice(first, first + size),
    valueStart: batch.valueStart.map(start => start - first),
    valueEnd: batch.valueEnd.map(end => end - first),
    headers: record => batch.headers(record),
    hasHeaders: batch.hasHeaders,
    traceContext: record => batch.traceContext(record),
    reject: (record, error) => batch.reject(record, error)
  }
}

/** A consumer checks UTF-8 once per batch, so it is done here once per pass. */
function decodeAll({ task, batch }: OpenTask, passes: number): number {
  const { bytes, count, size, valueStart } = batch
  const first = valueStart[0]!
  for (let pass = 0; pass < passes; pass++) {
    if (!isUtf8(bytes.subarray(first, first + size))) throw new Error('the batch is not UTF-8')
    void task.run(batch)
  }
  return count * passes
}

interface Transaction {
  readonly transaction_id: number
  readonly amount: number
  readonly timestamp: number
}

/** Written to so that no engine can drop the work. */
export let sum = 0

function parseAll({ bytes, count, valueStart, valueEnd }: Batch, passes: number): number {
  const buffer = Buffer.from(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.length)
  for (let pass = 0; pass < passes; pass++) {
    for (let i = 0; i < count; i++) {
      const row = JSON.parse(buffer.toString('utf8', valueStart[i]!, valueEnd[i]!)) as Transaction
      sum += row.transaction_id + row.amount + row.timestamp
    }
  }
  return count * passes
}
