import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** `npm test` unpacks it there. */
const APP = join(import.meta.dirname, '../../../node_modules/.cache/registry/app')
const JAR = join(APP, 'apicurio-registry-app-2.6.13.Final-runner.jar')
const START_TIMEOUT = 120_000

/** Why there can be no registry on this machine; null: there can. */
export function registryMissing(): string | null {
  return existsSync(JAR) ? null : `${JAR} is missing: npm test fetches it (needs Java 17 and Maven)`
}

/** A real Apicurio registry, which keeps all in memory. */
export class TestRegistry {
  /** As Confluent's API. */
  readonly url: string
  readonly #process: ChildProcess

  private constructor(url: string, child: ChildProcess) {
    this.url = url
    this.#process = child
  }

  static async start(): Promise<TestRegistry> {
    const port = await freePort()
    const words = [
      ...['-Xmx256m', '-XX:TieredStopAtLevel=1', `-Dquarkus.http.port=${port}`],
      ...['-Dquarkus.http.host=127.0.0.1', '-cp', `${JAR}:${join(APP, 'lib/*')}`],
      'io.quarkus.runner.GeneratedMain'
    ]
    // It ends with the test, whatever becomes of that.
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', 'java', ...words], { stdio: 'ignore' })
    const registry = new TestRegistry(`http://127.0.0.1:${port}/apis/ccompat/v7`, child)
    await registry.#answers()
    return registry
  }

  async #answers(): Promise<void> {
    const end = Date.now() + START_TIMEOUT
    while (Date.now() < end) {
      const answer = await fetch(`${this.url}/subjects`).catch(() => null)
      if (answer?.status === 200) return
      if (this.#process.exitCode !== null) throw new Error('the registry has ended')
      await sleep(100)
    }
    throw new Error('the registry does not answer')
  }

  /** What a new schema of a subject has to be: NONE, BACKWARD ... */
  async requireCompatibility(subject: string, compatibility: string): Promise<void> {
    const answer = await fetch(`${this.url}/config/${subject}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ compatibility })
    })
    if (!answer.ok) throw new Error(await answer.text())
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null) return
    this.#process.kill('SIGKILL')
    await once(this.#process, 'exit')
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}
