import * as sql from '../sql/number-to-text.ts'
import { textToNumber } from '../sql/text-to-number.ts'
import { siteOf2 } from './at-site.ts'

export const decimalToChar = siteOf2(sql.decimalToChar)
export const doubleToChar = siteOf2(sql.doubleToChar)
/** to_number(text, template). */
export const toNumber = siteOf2(textToNumber)
