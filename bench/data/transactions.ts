const BASE_TIME = 1706200000000
const MASK = (1n << 64n) - 1n
const WIDE_BYTES = 998
const encoder = new TextEncoder()

/** splitmix64: the same stream of values in every language. */
function mix(seed: bigint): bigint {
  let x = (seed + 0x9e3779b97f4a7c15n) & MASK
  x = ((x ^ (x >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK
  x = ((x ^ (x >> 27n)) * 0x94d049bb133111ebn) & MASK
  return x ^ (x >> 31n)
}

function narrow(n: number, h: bigint): string {
  const cents = Number(h % 100000n)
  const merchant = Number((h >> 20n) % 1000n)
  const user = Number((h >> 32n) % 1000000n)
  const amount = `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`
  return `{"transaction_id":${n},"user_id":${user},"amount":${amount},"merchant_id":${merchant},"status":"pending","timestamp":${BASE_TIME + n}`
}

/** Transaction `n` in about 130 bytes, six fields. `seed` 0 gives the values of the engines compared elsewhere. */
export function txn130(n: number, seed = 0): Uint8Array {
  return encoder.encode(`${narrow(n, mix(BigInt(n) + (BigInt(seed) << 32n)))}}`)
}

/** Transaction `n` in 1,000 bytes: the same six fields first, then one long string. */
export function txn1kText(n: number, seed = 0): Uint8Array {
  const h = mix(BigInt(n) + (BigInt(seed) << 32n))
  const text = `${narrow(n, h)},"note":"`
  return encoder.encode(`${hexTo(WIDE_BYTES, text, h)}"}`)
}

/** Transaction `n` in 1,000 bytes: the same six fields first, 18 more, half of it one long string. */
export function txn1k(n: number, seed = 0): Uint8Array {
  const id = BigInt(n) + (BigInt(seed) << 32n)
  const h = mix(id ^ 0xabcdefn)
  const text = `${narrow(n, mix(id))},"currency":"EUR","country":"DE","channel":"web","device_id":"dev-${h % 10000000n}","ip":"10.1.${h % 256n}.${(h >> 8n) % 256n}","card_type":"visa","card_last4":"${1000n + (h % 9000n)}","is_recurring":false,"risk_score":0.${100n + (h % 900n)},"mcc":${1000n + ((h >> 16n) % 9000n)},"city":"Frankfurt am Main","zip":"60311","session":{"id":"s-${h >> 20n}","age_s":${h % 3600n}},"tags":["a","bb","ccc"],"referrer":null,"payload":"`
  return encoder.encode(`${hexTo(WIDE_BYTES, text, h)}"}`)
}

/** Transaction `n` in 10,000 bytes: the same six fields first, 200 more that are the same in all, and a long string. */
export function txn10k(n: number): Uint8Array {
  const text = `${narrow(n, mix(BigInt(n)))}${TWO_HUNDRED_FIELDS},"note":"`
  return encoder.encode(`${text.padEnd(TEN_KILOBYTES - 2, 'note ')}"}`)
}

const TEN_KILOBYTES = 10_000
const TWO_HUNDRED_FIELDS = Array.from(
  { length: 200 },
  (_, i) => `,"field_${i}":"${hexTo(30, '', BigInt(i))}"`
).join('')

/** `text`, made `length` characters long by digits that come from `seed`. */
function hexTo(length: number, text: string, seed: bigint): string {
  let x = seed
  while (text.length < length) {
    x = mix(x)
    // The lowest digit comes first.
    text += [...x.toString(16).padStart(16, '0')].reverse().join('')
  }
  return text.slice(0, length)
}
