/** The types of the columns that random queries are made of. */
export type ScalarType = 'INT' | 'BIGINT' | 'TEXT' | 'DECIMAL' | 'DOUBLE' | 'TIMESTAMP' | 'BOOLEAN'

/** How a type is declared, in both dialects. */
export const sqlTypes: Readonly<Record<ScalarType, string>> = {
  INT: 'INT',
  BIGINT: 'BIGINT',
  TEXT: 'TEXT',
  DECIMAL: 'DECIMAL(10, 2)',
  DOUBLE: 'DOUBLE',
  TIMESTAMP: 'TIMESTAMP',
  BOOLEAN: 'BOOLEAN'
}

/**
 * The values of columns and of literals: few, so that there are ties. Doubles are whole quarters, whose sums are exact in any
 * order; no sum or product of a few of them leaves its type.
 */
export const values: Readonly<Record<ScalarType, readonly string[]>> = {
  INT: ['0', '1', '2', '3', '-2'],
  BIGINT: ['0', '1', '2', '-2', '9007199254740993', '-9007199254740993'],
  TEXT: ['', 'a', 'b', 'ab', 'B', 'ä', "o'k", '日本'],
  DECIMAL: ['0.00', '0', '1.50', '1.5', '-1.50', '2.25', '99.99'],
  DOUBLE: ['0', '-0.0', '0.25', '-0.5', '1.5', '100'],
  TIMESTAMP: [
    ...['2026-01-01T00:00:00.000Z', '2026-01-01T00:59:59.999Z', '2026-01-02T01:30:00.000Z'],
    '1969-12-31T23:59:59.999Z'
  ],
  BOOLEAN: ['true', 'false']
}

/** A literal of a type; null: NULL. */
export function showLiteral(type: ScalarType, value: string | null): string {
  if (value === null) return `CAST(NULL AS ${sqlTypes[type]})`
  switch (type) {
    case 'TEXT':
      return quote(value)
    case 'TIMESTAMP':
      return `TIMESTAMP ${quote(value.replace('T', ' ').replace('Z', ''))}`
    case 'BOOLEAN':
      return value
    case 'INT':
      return value.startsWith('-') ? `(${value})` : value
    case 'BIGINT':
    case 'DECIMAL':
    case 'DOUBLE':
      return `CAST(${value} AS ${sqlTypes[type]})`
  }
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
