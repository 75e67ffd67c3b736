import type { Functions } from './function.ts'
import { listFunctions } from './lists.ts'
import { objectFunctions } from './objects.ts'
import { sessionFunctions } from './session.ts'
import { textFunctions } from './texts.ts'

/** What tools call in questions of the catalogue. */
export const catalogFunctions: Functions = {
  ...sessionFunctions,
  ...objectFunctions,
  ...textFunctions,
  ...listFunctions
}
