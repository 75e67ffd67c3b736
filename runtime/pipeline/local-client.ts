/** 0 when the pipeline on this machine's `port` is ready, 1 when it is not, 3 when nobody answers. */
export async function askHealth(port: number): Promise<number> {
  return ask(port, '/health/ready')
}

/** Prints the pipeline's metrics. */
export async function askStatus(port: number): Promise<number> {
  return ask(port, '/api/v1/kafka/metrics')
}

async function ask(port: number, path: string): Promise<number> {
  const url = `http://127.0.0.1:${port}${path}`
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5000) })
    process.stdout.write(await response.text())
    return response.ok ? 0 : 1
  } catch {
    process.stderr.write(`no pipeline answers at ${url}\n`)
    return 3
  }
}
