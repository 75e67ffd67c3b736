import type { BatchInput, BatchQuery } from './batch.ts'

/** The tables whose rows a query reads, also those inside of its expressions; the table that it changes is not among them. */
export function tablesRead({ input }: BatchQuery): ReadonlySet<string> {
  const found = new Set<string>()
  const visit = (one: BatchInput): void => {
    if (one.kind === 'Table') found.add(one.name)
    inputsOf(one).forEach(visit)
  }
  visit(input)
  return found
}

function inputsOf(input: BatchInput): readonly BatchInput[] {
  switch (input.kind) {
    case 'Table':
    case 'System':
    case 'KeyedTable':
    case 'Nothing':
    case 'Values':
      return []
    case 'Query':
      return [input.query.input]
    case 'SetOperation':
      return [input.left.input, input.right.input]
    case 'Join':
      return [input.left, input.right]
    case 'Probed':
      return [input.input, input.probe.query.input]
    case 'Unnest':
    case 'Filtered':
    case 'Nested':
      return [input.input]
  }
}
