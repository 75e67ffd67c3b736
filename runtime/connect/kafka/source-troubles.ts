import type { SourceDefinition } from '../../contract/index.ts'
import type { Logger } from '../../observe/log.ts'
import { errorCode, errorText } from './client-config.ts'
import { explainDenial, type Needs } from './denial.ts'

export const UNKNOWN_TOPIC = 3
/** A partition has nothing at the offset that it should go on with. */
const OUT_OF_RANGE = -140
/** The client can't go on, as the group has another member with its instance id, or says so itself. */
const NOT_TO_GO_ON = [-150, 82]
/** How the first of them is told as an event, and now and then as a failed poll, without its code. */
const FATAL = /^Fatal error:/
/** Told of by `watchConnection`. */
const OUTAGE = [-195, -193, -187, -185]

export function needsOf({ topic, groupId }: SourceDefinition): Needs {
  return { operation: 'Read', topic, group: groupId }
}

export interface TroubleListener {
  /** What is there where it should go on is to be looked at. */
  doubt(): void
  /** The client is not to be used again. */
  expelled(): void
}

/** What goes wrong with a source while it is open: told in the log, and to whoever has to do something about it. */
export class SourceTroubles {
  readonly #source: SourceDefinition
  readonly #log: Logger
  readonly #listener: TroubleListener
  #isExpelled = false
  #isClosing = false

  constructor(source: SourceDefinition, log: Logger, listener: TroubleListener) {
    this.#source = source
    this.#log = log
    this.#listener = listener
  }

  /** Whether nothing is to be tried again: the source closes, or its client can't go on. */
  get isOver(): boolean {
    return this.#isClosing || this.#isExpelled
  }

  get isClosing(): boolean {
    return this.#isClosing
  }

  /** Nobody is told of anything any more. */
  close(): void {
    this.#isClosing = true
  }

  /** What the client says of itself, which may be before anybody polls it: a source that goes back does not. */
  heard(error: unknown): void {
    const isFatal = NOT_TO_GO_ON.includes(errorCode(error)) || FATAL.test(errorText(error))
    if (isFatal) this.#expel(error)
  }

  /** Something did not work, and is tried again. */
  failed(error: unknown): void {
    this.heard(error)
    if (errorCode(error) === OUT_OF_RANGE) return this.#listener.doubt()
    if (this.#isClosing || OUTAGE.includes(errorCode(error))) return
    const { name, topic } = this.#source
    const denial = explainDenial(errorText(error), needsOf(this.#source))
    const text =
      errorCode(error) === UNKNOWN_TOPIC
        ? `source "${name}": topic "${topic}" does not exist yet`
        : `source "${name}": ${denial?.message ?? errorText(error)}`
    const hint = denial === null ? {} : { hint: denial.hint }
    this.#log.limited('warn', text, { component: 'kafka', ...hint })
  }

  /** After an outage it may have taken its own place. */
  #expel(error: unknown): void {
    if (this.isOver) return
    this.#isExpelled = true
    const { name, groupId } = this.#source
    const reason = errorText(error)
    this.#log.log('warn', `source "${name}" has lost its place`, { group: groupId, reason })
    this.#listener.expelled()
  }
}
