import type { OutputBatch } from '../../contract/index.ts'

const NEWLINE = Buffer.from('\n')

/** A line of JSON per record. A change of a table begins with what happened, as the header of its record would say. */
export function renderLines(batch: OutputBatch): Uint8Array {
  const parts: Uint8Array[] = []
  for (let i = 0; i < batch.count; i++) {
    const value = batch.bytes.subarray(batch.valueStart[i]!, batch.valueEnd[i]!)
    const op = batch.op[i]!
    if (op === 0) parts.push(value, NEWLINE)
    else parts.push(Buffer.from(opMember(op)), value.subarray(1), NEWLINE)
  }
  // A copy: the batch's bytes are used again.
  return Buffer.concat(parts)
}

function opMember(op: number): string {
  return `{"miracledb.op":"${String.fromCharCode(op)}",`
}
