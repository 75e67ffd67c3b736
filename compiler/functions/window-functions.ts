/** A function that only stands before OVER; aggregates may stand there too. */
export interface WindowFunction {
  readonly name: string
  /** How many values it takes, at the least and at the most. */
  readonly arguments: readonly [number, number]
  readonly kind:
    /** Of the row's place alone. */
    | 'rank'
    /** The value of a row so many before or behind, else a default. */
    | 'away'
    /** The value of one row of the frame. */
    | 'value'
  readonly doc: string
  readonly example: string
}

const ORDER = 'OVER (PARTITION BY k ORDER BY ts)'

function entry(
  name: string,
  args: WindowFunction['arguments'],
  kind: WindowFunction['kind'],
  doc: string
): WindowFunction {
  const written = ['a', kind === 'away' ? '1' : '2', 'b'].slice(0, args[1]).join(', ')
  return Object.freeze({
    ...{ name, arguments: args, kind, doc },
    example: `${name}(${written}) ${ORDER}`
  })
}

/** Every one. */
export const windowFunctions: readonly WindowFunction[] = [
  entry(
    'row_number',
    [0, 0],
    'rank',
    'The number of the row, from 1; of equals the earlier first.'
  ),
  entry('rank', [0, 0], 'rank', 'The place of the row; equals share one, and leave a gap behind.'),
  entry('dense_rank', [0, 0], 'rank', 'The place of the row; equals share one, without a gap.'),
  entry('lag', [1, 3], 'away', 'The value so many rows before, else the third argument or NULL.'),
  entry(
    'lead',
    [1, 3],
    'away',
    'The value so many rows behind, else the third argument or NULL. A row waits until those are there.'
  ),
  entry('first_value', [1, 1], 'value', 'The value of the first row of the frame.'),
  entry('last_value', [1, 1], 'value', 'The value of the last row of the frame.'),
  entry(
    'nth_value',
    [2, 2],
    'value',
    'The value of the n-th row of the frame, NULL if it has less.'
  )
]

export function findWindowFunction(name: string): WindowFunction | null {
  return windowFunctions.find(one => one.name === name) ?? null
}
