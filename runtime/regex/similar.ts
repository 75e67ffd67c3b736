import { RegexError } from './node.ts'

/**
 * A SIMILAR TO pattern as a regular expression, as PostgreSQL's similar_to_escape(); `escape` is one character, or none. Two
 * escaped double quotes enclose what SUBSTRING takes: the text before it is the shortest one.
 */
export function similarToRegex(pattern: string, escape: string): string {
  if ([...escape].length > 1) throw new RegexError('ESCAPE takes one character, or none')
  let result = '^(?:'
  let escaped = false
  let inBrackets = false
  const separators = ['){1,1}?(', '){1,1}(?:']
  for (const character of pattern) {
    if (escaped) {
      result += character === '"' && !inBrackets ? takeSeparator(separators) : `\\${character}`
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

function takeSeparator(separators: string[]): string {
  const next = separators.shift()
  if (next === undefined) throw new RegexError('more than two escaped double quotes')
  return next
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
