/** What a process does beside the work of its operators. */
export const PARTS = ['reading', 'sending', 'committing', 'statements'] as const
export type Part = (typeof PARTS)[number]

/** Nothing of all that: it waits, or does what nobody has a name for. */
const ELSEWHERE = 0

/**
 * What the process is at: the number of an operator (see explain/work-numbers.ts), below nought a part, or nought. Generated code writes
 * it, at the cost of a store into memory that is at hand; another thread looks at it, now and then, while somebody wants to know.
 */
export const doing = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))

/** The work of an operator is over, and no other's begins. */
export function done(): void {
  doing[0] = ELSEWHERE
}

/** Does work of a part, which may be within that of another one: until it returns, or first waits. */
export function during<T>(part: Part, work: () => T): T {
  const outer = doing[0]!
  doing[0] = numberOf(part)
  try {
    return work()
  } finally {
    doing[0] = outer
  }
}

/** Waits for what goes on without this process; afterwards it is at what it was at. */
export async function waiting<T>(answer: Promise<T>): Promise<T> {
  const outer = doing[0]!
  done()
  try {
    return await answer
  } finally {
    doing[0] = outer
  }
}

export function numberOf(part: Part): number {
  return -1 - PARTS.indexOf(part)
}
