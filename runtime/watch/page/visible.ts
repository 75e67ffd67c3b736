import { printable } from '../../observe/printable.ts'

/** A text of a script or a record, so that all of it is seen: what turns the direction of writing is shown as `\u202e`. */
export function visible(text: string): string {
  return text.replace(/[^\n\t]+/g, printable)
}
