import { setTimeout as sleep } from 'node:timers/promises'

interface KafkaMetrics {
  readonly sources: Readonly<Record<string, { readonly messages_consumed: number }>>
}

/** Waits until the pipeline's `/health/ready` says 200; true then. */
export async function waitUntilReady(port: number): Promise<boolean> {
  for (;;) {
    const response = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => null)
    if (response !== null) await response.arrayBuffer()
    if (response?.status === 200) return true
    await sleep(20)
  }
}

/** How many records all sources have consumed so far; 0 while nobody answers. */
export async function consumed(port: number): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/kafka/metrics`).catch(() => null)
  if (response === null) return 0
  const { sources } = (await response.json()) as KafkaMetrics
  return Object.values(sources).reduce((sum, source) => sum + source.messages_consumed, 0)
}
