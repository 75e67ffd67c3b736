import type { NexmarkConfig } from './config.ts'
import { NexmarkRandom } from './random.ts'
import { nextText } from './random-text.ts'

export interface Channel {
  readonly channel: string
  readonly url: string
}

export const CHANNELS = 10_000
const hotNames = ['Google', 'Facebook', 'Baidu', 'Apple']

/** The channels that bids come through, each with an address that stays the same. */
export class Channels {
  readonly #seed: number
  readonly #random = new NexmarkRandom()
  readonly #hot: readonly Channel[]
  /** 10,000 at most, each made when its first bid comes. */
  readonly #cold = new Map<number, Channel>()

  constructor({ seed }: NexmarkConfig) {
    this.#seed = seed
    this.#hot = hotNames.map((channel, i) => ({ channel, url: this.#nextUrl(CHANNELS + i) }))
  }

  /** Half of the bids come through one of four. */
  next(random: NexmarkRandom): Channel {
    if (random.below(2) > 0) return random.pick(this.#hot)
    const number = random.below(CHANNELS)
    const known = this.#cold.get(number)
    if (known !== undefined) return known
    const url = this.#nextUrl(number)
    // One of ten does not say which it is.
    const suffix = this.#random.below(10) > 0 ? `&channel_id=${channelId(number)}` : ''
    const made = { channel: `channel-${number}`, url: url + suffix }
    this.#cold.set(number, made)
    return made
  }

  #nextUrl(number: number): string {
    this.#random.seed(this.#seed, 1, number)
    const folder = (): string => nextText(this.#random, 5, '_')
    return `https://www.nexmark.com/${folder()}/${folder()}/${folder()}/item.htm?query=1`
  }
}

/** The number with its 32 bits in the other order, without its sign. */
function channelId(number: number): number {
  let reversed = 0
  for (let bit = 0; bit < 32; bit++) reversed = (reversed << 1) | ((number >>> bit) & 1)
  return Math.abs(reversed)
}
