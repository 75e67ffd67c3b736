import { EnvironmentError } from '../observe/environment-error.ts'

/**
 * What a registry did not do. `unreachable` may succeed later; `denied`: who asks may not; `not-found`: it has no such thing;
 * `refused`: it takes no such thing.
 */
export type RegistryFailureKind = 'unreachable' | 'denied' | 'not-found' | 'refused'

export class RegistryFailure extends EnvironmentError {
  readonly kind: RegistryFailureKind
  /** What the registry says itself. */
  readonly reason: string

  constructor(kind: RegistryFailureKind, what: string, reason: string, hint: string | null = null) {
    super(`${what}: ${reason}`, hint)
    this.kind = kind
    this.reason = reason
  }
}
