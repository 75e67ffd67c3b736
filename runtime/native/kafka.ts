export type KafkaNative =
  (typeof import('@confluentinc/kafka-javascript/lib/rdkafka.js'))['default']

/** librdkafka's callback-style classes. Loaded on first use: 20 ms, and memory only where Kafka is used. */
export async function loadKafkaNative(): Promise<KafkaNative> {
  const module = await import('@confluentinc/kafka-javascript/lib/rdkafka.js')
  return module.default
}

/** CRC-32C of bytes from `start` to `end`, as an unsigned number of 32 bits. */
export type Crc32c = (bytes: Uint8Array, start: number, end: number) => number

/** By the processor's own instruction, as the addon has it (.ci/setup/checksum.h); null: there is none. */
export async function loadCrc32c(): Promise<Crc32c | null> {
  const { crc32c } = await loadAddon()
  return crc32c ?? null
}

/** Gives pages of memory that nobody uses back to the system (.ci/setup/memory.h). Answers whether there were any: only glibc is asked. */
export async function loadTrimMemory(): Promise<() => boolean> {
  const { trimMemory } = await loadAddon()
  return trimMemory ?? (() => false)
}

/** What .ci/setup adds to it, where the machine has it. */
interface Addon {
  readonly crc32c?: Crc32c
  readonly trimMemory?: () => boolean
}

async function loadAddon(): Promise<Addon> {
  const module = await import('@confluentinc/kafka-javascript/librdkafka.js')
  return module.default
}
