import type { ModelDefinition } from '../contract/index.ts'

/** One number per row out of an output tensor of `width` numbers per row. */
export function readAnswers(
  { name, output }: ModelDefinition,
  data: unknown,
  rows: number
): Float64Array {
  const elements = data as ArrayLike<number | bigint>
  const { width } = output
  if (elements.length !== rows * width) {
    throw new Error(`model "${name}" answered ${elements.length} numbers for ${rows} rows`)
  }
  const index = output.index ?? 0
  const answers = new Float64Array(rows)
  for (let row = 0; row < rows; row++) answers[row] = Number(elements[row * width + index])
  return answers
}
