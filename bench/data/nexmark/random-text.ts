import type { NexmarkRandom } from './random.ts'

const MIN_LENGTH = 3
const SPECIAL_SHARE = 13
const letters = [...'abcdefghijklmnopqrstuvwxyz']
const pairs = letters.flatMap(first => letters.map(second => first + second))

/** From 3 to `maxLength` - 1 letters, one of 13 being `special`, without blanks at its ends. */
export function nextText(random: NexmarkRandom, maxLength: number, special = ' '): string {
  const length = MIN_LENGTH + random.below(maxLength - MIN_LENGTH)
  let text = ''
  for (let i = 0; i < length; i++) {
    text += random.below(SPECIAL_SHARE) === 0 ? special : random.pick(letters)
  }
  return text.trim()
}

/** Letters that fill `used` characters up to an average of `average`, give or take 20 % of what is missing. */
export function nextExtra(random: NexmarkRandom, used: number, average: number): string {
  const missing = average - used
  if (missing < 0) return ''
  const spread = Math.round(missing * 0.2)
  const length = missing - spread + (spread === 0 ? 0 : random.below(2 * spread))
  let text = length % 2 === 0 ? '' : random.pick(letters)
  while (text.length < length) text += random.pick(pairs)
  return text
}
