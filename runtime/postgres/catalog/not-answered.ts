import { SqlStateError } from '../sql-state-error.ts'

export function notAnswered(why: string): SqlStateError {
  return new SqlStateError(
    '0A000',
    `this query of PostgreSQL's catalogue is not answered here: ${why.slice(0, 200)}`,
    'SHOW TABLES, DESCRIBE <table> and SELECT * FROM system.tables say what there is.'
  )
}
