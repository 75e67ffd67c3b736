import * as functions from '../value-functions.ts'
import { deleteQuery, insertQuery, updateQuery } from './change-by-query.ts'

/** What the code of statements calls. */
export const statementFunctions = { ...functions, insertQuery, updateQuery, deleteQuery }
