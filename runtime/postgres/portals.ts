import { SqlStateError } from './sql-state-error.ts'
import type { Portal } from './prepared.ts'

/** Of one connection: a driver that forgets to close them is told so. */
const MOST = 1000

/** The open answers of a connection by their names: what Bind makes, and cursors, which are the same to PostgreSQL. */
export class Portals {
  readonly #all = new Map<string, Portal>()

  open(name: string, portal: Portal): void {
    this.check(name)
    this.#all.set(name, portal)
  }

  /** Refuses what `open` would. */
  check(name: string): void {
    if (name !== '' && this.#all.has(name)) {
      throw new SqlStateError('42P03', `cursor "${name}" already exists`)
    }
    if (this.#all.size >= MOST) {
      throw new SqlStateError('53400', `a connection keeps up to ${MOST} portals`)
    }
  }

  get(name: string, what: 'portal' | 'cursor'): Portal {
    const found = this.#all.get(name)
    if (found !== undefined) return found
    throw new SqlStateError('34000', `${what} "${name}" does not exist`)
  }

  close(name: string): void {
    this.#all.delete(name)
  }

  closeAll(): void {
    this.#all.clear()
  }

  /** They live as long as their transaction, but for cursors that are declared WITH HOLD. */
  endTransaction(): void {
    for (const [name, { isHeld }] of this.#all) if (!isHeld) this.#all.delete(name)
  }
}
