// Decoder alone, one core: 3 of 6 columns of a 130-byte record and of a 1,000-byte record, beside JSON.parse.
// Each pass validates everything, UTF-8 of the batch included. Prints a table, then one line of JSON.
import { isUtf8Range } from '../../../runtime/codec/index.ts'
import { makeBatch, type RecordBatch } from '../../data/batch.ts'
import { txn130, txn1k } from '../../data/transactions.ts'
import { sampleInTurn } from '../../harness/sample.ts'
import { formatTable } from '../../harness/table.ts'
import { decodeTransactions, number, range } from './decoder.ts'

/** Records a second and times JSON.parse, from the issue that asked for this decoder. */
const bars = { txn130: { rate: 3, ratio: 2.5 }, txn1k: { rate: 2.5, ratio: 3 } } as const

/** Written to so that no engine can drop the work. */
export let sink = 0

function decodeAll(batch: RecordBatch, passes: number): number {
  const { bytes, start, end, count } = batch
  for (let pass = 0; pass < passes; pass++) {
    if (!isUtf8Range(bytes, start[0]!, end[count - 1]!)) throw new Error('the batch is not UTF-8')
    for (let i = 0; i < count; i++) {
      if (decodeTransactions(bytes, start[i]!, end[i]!) !== 0) throw new Error(`bad record ${i}`)
      sink += number[0]! + range[0]! + range[2]!
    }
  }
  return count * passes
}

interface Transaction {
  readonly transaction_id: number
  readonly amount: number
  readonly timestamp: number
}

function parseAll(batch: RecordBatch, passes: number): number {
  const { start, end, count } = batch
  const buffer = Buffer.from(
    batch.bytes.buffer as ArrayBuffer,
    batch.bytes.byteOffset,
    batch.bytes.length
  )
  for (let pass = 0; pass < passes; pass++) {
    for (let i = 0; i < count; i++) {
      const row = JSON.parse(buffer.toString('utf8', start[i]!, end[i]!)) as Transaction
      sink += row.transaction_id + row.amount + row.timestamp
    }
  }
  return count * passes
}

function runCase(name: keyof typeof bars, generate: (n: number) => Uint8Array, count: number) {
  const batch = makeBatch(generate, count)
  const plain = makeBatch(generate, count, true)
  const passes = Math.round(60_000 / count)
  const samples = sampleInTurn({
    decoder: () => decodeAll(batch, passes),
    twin: () => decodeAll(plain, Math.ceil(passes / 4)),
    parse: () => parseAll(plain, Math.ceil(passes / 4))
  })
  const rate = (of: string) => samples.find(sample => sample.name === of)!
  const ratio = rate('decoder').rate / rate('parse').rate
  const bar = bars[name]
  return {
    case: name,
    bytes: (batch.end[count - 1]! - batch.start[0]!) / count,
    decoder: rate('decoder').rate,
    twin: rate('twin').rate,
    parse: rate('parse').rate,
    ratio,
    noise: rate('decoder').noise,
    met: rate('decoder').rate >= bar.rate && ratio >= bar.ratio,
    bar
  }
}

const results = [runCase('txn130', txn130, 2000), runCase('txn1k', txn1k, 1000)]
console.log(
  formatTable([
    [
      'million records per CPU-second',
      'bytes',
      'decoder',
      'without WebAssembly',
      'JSON.parse',
      'ratio',
      'noise',
      'bar'
    ],
    ...results.map(result => [
      result.case,
      result.bytes,
      result.decoder,
      result.twin,
      result.parse,
      result.ratio,
      result.noise,
      `${result.met ? 'met' : 'MISSED'} (${result.bar.rate} and ${result.bar.ratio}x)`
    ])
  ])
)
console.log(JSON.stringify({ bench: 'decoder', node: process.version, results }))
