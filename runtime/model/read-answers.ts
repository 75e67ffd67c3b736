import type { ModelDefinition } from '../contract/index.ts'

/** Of an output tensor of `width` numbers per row the one that `index` picks of each row, or all. */
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
  if (output.index === null) return Float64Array.from(elements, Number)
  const answers = new Float64Array(rows)
  for (let row = 0; row < rows; row++) answers[row] = Number(elements[row * width + output.index])
  return answers
}
