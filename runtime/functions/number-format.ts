import * as sql from '../sql/number-to-text.ts'
import { textToNumber } from '../sql/text-to-number.ts'
import { atSite } from './at-site.ts'
import type { Decimal } from '../sql/decimal.ts'

export function decimalToChar(value: Decimal, template: string, site: number): string {
  try {
    return sql.decimalToChar(value, template)
  } catch (error) {
    throw atSite(error, site)
  }
}
export function doubleToChar(value: number, template: string, site: number): string {
  try {
    return sql.doubleToChar(value, template)
  } catch (error) {
    throw atSite(error, site)
  }
}
/** to_number(text, template). */
export function toNumber(text: string, template: string, site: number): Decimal | null {
  try {
    return textToNumber(text, template)
  } catch (error) {
    throw atSite(error, site)
  }
}
