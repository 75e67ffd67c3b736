/** Rows of text and numbers as an aligned table; numbers to the right. */
export function formatTable(rows: readonly (readonly (string | number)[])[]): string {
  const cells = rows.map(row =>
    row.map(cell => (typeof cell === 'number' ? cell.toFixed(2) : cell))
  )
  const widths = cells[0]!.map((_, column) =>
    Math.max(...cells.map(row => (row[column] ?? '').length))
  )
  return cells
    .map((row, index) =>
      row
        .map((cell, column) =>
          typeof rows[index]![column] === 'number'
            ? cell.padStart(widths[column]!)
            : cell.padEnd(widths[column]!)
        )
        .join('  ')
        .trimEnd()
    )
    .join('\n')
}
