import type { Batch, SourceConnection, SourceDefinition } from '../contract/index.ts'
import { EnvironmentError } from '../observe/environment-error.ts'
import { readMarks } from './read-marks.ts'

const decoder = new TextDecoder()
/** Of one poll: records, and ms. */
const MANY = 1000
const WAIT = 100

/** Whether a record of an exchange is a row that another script or compiler has sent, which is none of ours. */
export function isOfOtherForm(source: SourceDefinition, batch: Batch, record: number): boolean {
  const form = source.exchange?.form
  if (form === undefined || readMarks(batch, record) !== null) return false
  const text = decoder.decode(
    batch.bytes.subarray(batch.valueStart[record], batch.valueEnd[record])
  )
  let row: unknown
  try {
    row = JSON.parse(text)
  } catch {
    return false
  }
  if (!isObject(row)) return false
  const { before, after } = row
  return ![row, before, after].some(one => isObject(one) && form in one)
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

/** What to say of a row that is of another form. */
export function otherForm({ name, topic }: SourceDefinition): EnvironmentError {
  return new EnvironmentError(
    `rows on their way to "${name}" were sent by another script, or by another release of miraclec, and can't be read by this one (topic "${topic}")`,
    'Go back to it until they are gone: it leaves none behind where its sources bring nothing for a while before it is stopped. Or start with --rebuild-state to read the sources from their beginning again.'
  )
}

/**
 * Throws where the first row that is on its way to a task is of another form. To be called before anything is read; the source goes on
 * where it was.
 */
export async function checkOnItsWay(
  definition: SourceDefinition,
  connection: SourceConnection,
  isOver: () => boolean
): Promise<void> {
  const partition = definition.partition!
  let next: number | null = null
  // Others may be sending: who can't read that either is told when it comes.
  while (!isOver() && connection.lag(partition, next) !== 0) {
    const batch = await connection.poll(MANY, WAIT, 0)
    if (batch === null) continue
    const row = Array.from({ length: batch.count }, (_, i) => i).find(
      i => readMarks(batch, i) === null
    )
    if (row !== undefined) {
      if (isOfOtherForm(definition, batch, row)) throw otherForm(definition)
      break
    }
    next = batch.offset[batch.count - 1]! + 1
  }
  await connection.rewind('committed')
}
