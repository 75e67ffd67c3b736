/** Columns as wide as their widest cell, as prettier leaves them. The first row is the head. */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const cells = rows.map(row => row.map(cell => cell.replaceAll('|', '\\|')))
  const widths = cells[0]!.map((_, column) =>
    Math.max(3, ...cells.map(row => row[column]?.length ?? 0))
  )
  const line = (row: readonly string[]): string =>
    `| ${widths.map((width, column) => (row[column] ?? '').padEnd(width)).join(' | ')} |`
  const [head, ...body] = cells
  const rule = `| ${widths.map(width => '-'.repeat(width)).join(' | ')} |`
  return `${[line(head!), rule, ...body.map(line)].join('\n')}\n`
}
