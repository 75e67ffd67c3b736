import { RegexError } from './node.ts'

/** A SIMILAR TO pattern as a regular expression, as PostgreSQL's similar_to_escape(); `escape` is one character, or none. */
export function similarToRegex(pattern: string, escape: string): string {
  if ([...escape].length > 1) throw new RegexError('ESCAPE takes one character, or none')
  let result = '^(?:'
  let escaped = false
  let inBrackets = false
  for (const character of pattern) {
    if (escaped) {
      if (character === '"' && !inBrackets) {
        throw new RegexError('the parts of SUBSTRING (#"...#") are not supported')
      }
      result += `\\${character}`
      escaped = false
    } else if (character === escape) escaped = true
    else if (inBrackets) {
      result += character === '\\' ? '\\\\' : character
      inBrackets = character !== ']'
    } else {
      result += translated[character] ?? character
      inBrackets = character === '['
    }
  }
  return `${result})$`
}

const translated: Readonly<Record<string, string>> = {
  '%': '.*',
  _: '.',
  '(': '(?:',
  '\\': '\\\\',
  '.': '\\.',
  '^': '\\^',
  $: '\\$'
}
