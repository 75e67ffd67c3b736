import { EnvironmentError } from '../observe/environment-error.ts'
import type { SourceMetrics } from '../observe/metrics.ts'

interface Order {
  run(): Promise<void>
  reject(error: Error): void
}

/** Work on a source's connection that waits for the moment between two polls. */
export class SourceOrders {
  readonly #orders = new Map<SourceMetrics, Order[]>()
  #closed = false

  add<T>(source: SourceMetrics, work: () => Promise<T>): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    const order: Order = { run: () => work().then(resolve, reject), reject }
    if (this.#closed) reject(stopped())
    else this.#orders.set(source, [...(this.#orders.get(source) ?? []), order])
    return promise
  }

  /** To be called by the source's own loop. */
  async run(source: SourceMetrics): Promise<void> {
    const orders = this.#orders.get(source)
    if (orders === undefined) return
    this.#orders.delete(source)
    for (const order of orders) await order.run()
  }

  /** Nobody polls any more. */
  close(): void {
    this.#closed = true
    for (const order of [...this.#orders.values()].flat()) order.reject(stopped())
    this.#orders.clear()
  }
}

function stopped(): EnvironmentError {
  return new EnvironmentError('the pipeline has stopped')
}
