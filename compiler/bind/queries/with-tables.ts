import type { CommonTable } from '../../ast/index.ts'

/** WITH names that a query may read, inner ones first. */
export type CommonTables = readonly CommonTable[]
