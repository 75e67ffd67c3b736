/** The document of `/api/v1/kafka/metrics`, as far as it is used here. */
export interface PipelineMetrics {
  readonly sources: Readonly<
    Record<string, { readonly messages_consumed: number; readonly lag: number }>
  >
  readonly sinks: Readonly<Record<string, { readonly messages_produced: number }>>
}

/** Whether the pipeline on this port says that it is ready; false while nobody answers. */
export async function isReady(port: number): Promise<boolean> {
  const response = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => null)
  await response?.arrayBuffer()
  return response?.status === 200
}

export function metricsUrl(port: number): string {
  return `http://127.0.0.1:${port}/api/v1/kafka/metrics`
}

/** Null while nobody answers. */
export async function readMetrics(port: number): Promise<PipelineMetrics | null> {
  const response = await fetch(metricsUrl(port)).catch(() => null)
  if (response === null) return null
  // An answer that breaks off is none: the pipeline ended meanwhile.
  const document = (await response.json().catch(() => null)) as PipelineMetrics | null
  return response.ok ? document : null
}
