import { readFileSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import type { Environment } from '../observe/telemetry-part.ts'
import type { Problem } from './settings.ts'

type Signal = 'TRACES' | 'METRICS'
type Agent = http.Agent | https.Agent

const files = { ca: 'CERTIFICATE', cert: 'CLIENT_CERTIFICATE', key: 'CLIENT_KEY' } as const

/** The connections to receivers: ours, so that nothing which hangs on one of them keeps the process alive. */
export class Agents {
  readonly #environment: Environment
  readonly #opened: Agent[] = []
  readonly problems: Problem[] = []

  constructor(environment: Environment) {
    this.#environment = environment
  }

  open(signal: Signal): (protocol: string) => Agent {
    const certificates = Object.fromEntries(
      Object.entries(files).flatMap(([option, name]) => {
        const content = this.#read(signal, name)
        return content === null ? [] : [[option, content]]
      })
    )
    return protocol => {
      const agent =
        protocol === 'http:'
          ? new http.Agent({ keepAlive: true })
          : new https.Agent({ keepAlive: true, ...certificates })
      this.#opened.push(agent)
      return agent
    }
  }

  #read(signal: Signal, name: string): Buffer | null {
    for (const variable of [`OTEL_EXPORTER_OTLP_${signal}_${name}`, `OTEL_EXPORTER_OTLP_${name}`]) {
      const path = this.#environment[variable]?.trim() ?? ''
      if (path === '') continue
      try {
        return readFileSync(path)
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException
        this.problems.push([variable, `names a file that can't be read (${code})`])
        return null
      }
    }
    return null
  }

  /** What is on its way fails, and so does what is tried again. */
  destroy(): void {
    for (const agent of this.#opened) {
      agent.createConnection = () => {
        throw new Error('the pipeline has ended')
      }
      agent.destroy()
    }
  }
}
