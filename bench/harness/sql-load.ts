import { Agent, request } from 'node:http'
import type { MeasuredProcess } from './measured-process.ts'

export interface LoadFigures {
  /** Statements answered per second. */
  readonly perSecond: number
  /** Of the pipeline's process, per statement. */
  readonly cpuMicroseconds: number
  /** Milliseconds from request to answer, the median. */
  readonly latency: number
}

export interface SqlLoad {
  readonly port: number
  readonly token: string
  /** Each sends its next request when the last one is answered. */
  readonly connections: number
  /** Before the measurement begins, and how long it takes, in ms. */
  readonly warmUp: number
  readonly duration: number
  /** The next request, and how many statements it holds. */
  body(): { readonly text: string; readonly statements: number }
}

/** Sends statements for a while over connections that stay open. Throws where one of them changes another number of rows. */
export async function loadSql(load: SqlLoad, process: MeasuredProcess): Promise<LoadFigures> {
  const { connections, warmUp, duration } = load
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  let isOver = false
  let statements = 0
  const latencies: number[] = []
  const work = async (): Promise<void> => {
    while (!isOver) {
      const body = load.body()
      const sent = performance.now()
      const changed = await post(body.text, load, agent)
      if (changed !== body.statements) {
        throw new Error(`${body.statements} statements changed ${changed} rows`)
      }
      statements += body.statements
      latencies.push(performance.now() - sent)
    }
  }
  const workers = Promise.all(Array.from({ length: connections }, work))
  await Promise.race([workers, passed(warmUp)])
  const first = { statements, requests: latencies.length, cpu: process.usage().cpuSeconds }
  const started = performance.now()
  await Promise.race([workers, passed(duration)])
  const seconds = (performance.now() - started) / 1000
  const answered = statements - first.statements
  const cpu = process.usage().cpuSeconds - first.cpu
  isOver = true
  await workers
  agent.destroy()
  const measured = latencies.slice(first.requests).sort((a, b) => a - b)
  return {
    perSecond: answered / seconds,
    cpuMicroseconds: (cpu / answered) * 1e6,
    latency: measured[measured.length >> 1] ?? 0
  }
}

function passed(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms))
}

/** How many rows the request changed. */
export function post(
  text: string,
  { port, token }: Pick<SqlLoad, 'port' | 'token'>,
  agent?: Agent
): Promise<number> {
  return new Promise((resolve, reject) => {
    const bytes = Buffer.from(text)
    const options = {
      ...{ host: '127.0.0.1', port, path: '/api/v1/sql', method: 'POST' },
      ...(agent === undefined ? {} : { agent }),
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'text/plain',
        'content-length': bytes.length
      }
    }
    request(options, response => {
      let answer = ''
      response.on('data', chunk => (answer += String(chunk)))
      response.on('end', () => {
        if (response.statusCode !== 200) reject(new Error(answer))
        else resolve((JSON.parse(answer) as { readonly changed: number }).changed)
      })
    })
      .on('error', reject)
      .end(bytes)
  })
}
