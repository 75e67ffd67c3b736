import * as sql from '../sql/number-to-text.ts'
import { siteOf2 } from './at-site.ts'

export const decimalToChar = siteOf2(sql.decimalToChar)
export const doubleToChar = siteOf2(sql.doubleToChar)
