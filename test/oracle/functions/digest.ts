import type { Twins } from './entry.ts'

/** RFC 1321, step by step. */
function md5(text: string | Uint8Array): string {
  const message = pad(typeof text === 'string' ? utf8(text) : [...text])
  let state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476]
  for (let block = 0; block < message.length; block += 64) {
    const words = Array.from({ length: 16 }, (_, i) => littleEndian(message, block + i * 4))
    let [a, b, c, d] = state as [number, number, number, number]
    for (let i = 0; i < 64; i++) {
      const [mixed, word] = round(i, b, c, d)
      const sum = (a + mixed + words[word]! + CONSTANTS[i]!) | 0
      const shift = SHIFTS[i >> 4]![i % 4]!
      const turned = (sum << shift) | (sum >>> (32 - shift))
      ;[a, d, c, b] = [d, c, b, (b + turned) | 0]
    }
    state = [a, b, c, d].map((value, i) => (value + state[i]!) | 0)
  }
  return state.map(hexOfWord).join('')
}

const CONSTANTS = Array.from({ length: 64 }, (_, i) =>
  Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32)
)
const SHIFTS = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21]
]

function round(i: number, b: number, c: number, d: number): readonly [number, number] {
  if (i < 16) return [(b & c) | (~b & d), i]
  if (i < 32) return [(d & b) | (~d & c), (5 * i + 1) % 16]
  if (i < 48) return [b ^ c ^ d, (3 * i + 5) % 16]
  return [c ^ (b | ~d), (7 * i) % 16]
}

function utf8(text: string): number[] {
  return [...new TextEncoder().encode(text)]
}

function pad(bytes: readonly number[]): number[] {
  const padded = [...bytes, 0x80]
  while (padded.length % 64 !== 56) padded.push(0)
  const bits = BigInt(bytes.length) * 8n
  for (let i = 0n; i < 8n; i++) padded.push(Number((bits >> (8n * i)) & 0xffn))
  return padded
}

function littleEndian(bytes: readonly number[], at: number): number {
  return [0, 1, 2, 3].reduce((word, i) => word | (bytes[at + i]! << (8 * i)), 0)
}

function hexOfWord(word: number): string {
  return [0, 8, 16, 24]
    .map(shift => ((word >>> shift) & 0xff).toString(16).padStart(2, '0'))
    .join('')
}

export const digestTwins: Twins = {
  gen_random_uuid: { evaluate: () => '00000000-0000-4000-8000-000000000000' },
  md5: { evaluate: ([text]: readonly [string | Uint8Array]) => md5(text) },
  to_hex: {
    evaluate: (
      [value]: readonly [bigint],
      { types }: { readonly types: readonly { kind: string }[] }
    ) => {
      const size = types[0]!.kind === 'Int' ? 2n ** 32n : 2n ** 64n
      return (value < 0n ? value + size : value).toString(16)
    }
  }
}
