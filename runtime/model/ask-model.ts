import type { Batch, ModelRunner } from '../contract/index.ts'
import { waiting as waitingFor } from '../observe/doing.ts'
import type { WaitingRows } from './waiting-rows.ts'

/**
 * Asks a model for all waiting rows. Arguments are `doubles[first]` to `doubles[first + width - 1]`, the answers go to
 * `doubles[answer]` and, where a model answers several numbers, to those behind it; a row with a NULL argument is not sent and gets NULL. A row that the model fails for is rejected at `site`.
 */
export async function askModel(
  model: ModelRunner,
  waiting: WaitingRows,
  first: number,
  width: number,
  answer: number,
  batch: Batch,
  site: number
): Promise<void> {
  const { count, failed, record } = waiting
  const inputs = waiting.doubles.slice(first, first + width)
  const answers = waiting.doubles[answer]!
  const rows = askable(waiting, inputs)
  if (rows.length === 0) return void answers.fill(NaN, 0, count)
  // Most often every row is asked: then the columns go as they are.
  const columns = rows.length === count ? inputs : inputs.map(column => gather(column, rows))
  const running = model.run(columns, rows.length, (row, code, message, attempt = 1) => {
    const at = rows[row]!
    failed[at] = 1
    batch.reject(record[at]!, { code, message, column: null, site, attempt })
  })
  // The model has threads of its own.
  const given = await waitingFor(running)
  answers.fill(NaN, 0, count)
  const numbers = given.length / rows.length
  for (let k = 0; k < numbers; k++) {
    const column = waiting.doubles[answer + k]!
    for (let i = 0; i < rows.length; i++) column[rows[i]!] = given[i * numbers + k]!
  }
}

/** All numbers that a model answered for the waiting row `row`; null where it was not asked. */
export function answerOf(
  { doubles }: WaitingRows,
  answer: number,
  width: number,
  row: number
): readonly number[] | null {
  // No answer is NaN: the row would have failed.
  if (Number.isNaN(doubles[answer]![row])) return null
  return Array.from({ length: width }, (_, k) => doubles[answer + k]![row]!)
}

/**
 * Rejects the row `row`, of which an argument is NaN: among the waiting rows that would be a NULL, and few models say what
 * they answer to it.
 */
export function refuseNaN(waiting: WaitingRows, row: number, batch: Batch, site: number): void {
  // Two calls of one row may refuse it.
  if (waiting.failed[row] === 1) return
  waiting.failed[row] = 1
  const message = 'an argument of the model is NaN'
  batch.reject(waiting.record[row]!, { code: 'not-finite', message, column: null, site })
}

/** The rows whose arguments are all there, and that no model has failed for. */
function askable({ count, failed }: WaitingRows, inputs: readonly Float64Array[]): Int32Array {
  const rows = new Int32Array(count)
  let kept = 0
  for (let row = 0; row < count; row++) {
    if (failed[row] === 0 && inputs.every(column => column[row] === column[row])) rows[kept++] = row
  }
  return rows.subarray(0, kept)
}

function gather(column: Float64Array, rows: Int32Array): Float64Array {
  const gathered = new Float64Array(rows.length)
  for (let i = 0; i < rows.length; i++) gathered[i] = column[rows[i]!]!
  return gathered
}
