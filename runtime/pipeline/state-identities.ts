import type { ChangeDefinition, KeyedState, StateIdentity } from '../contract/index.ts'
import { EnvironmentError } from '../observe/environment-error.ts'
import { type StateVerdict, verdictOf } from '../state/state-verdict.ts'
import type { Facts } from './pipeline-facts.ts'

/** The fact of what a state holds: this and its name. */
const IDENTITY_OF = 'state of '
/** The fact of which of the script's statements have run. */
const STATEMENTS = 'statements'

interface KnownIdentity extends StateIdentity {
  readonly start: number
}

/** What the pipeline remembers of the script that its state comes from, among its facts. */
export class StateIdentities {
  readonly #facts: Facts
  readonly #states: readonly StateIdentity[]
  readonly #accepted: boolean

  /** `accepted`: what a state is made of may be another than it was. */
  constructor(facts: Facts, states: readonly StateIdentity[], accepted: boolean) {
    this.#facts = facts
    this.#states = states
    this.#accepted = accepted
  }

  /** What becomes of a state; null: there is none yet. */
  verdict(name: string): StateVerdict | null {
    const before = this.#before(name)
    return before === null ? null : verdictOf(before, this.#after(name))
  }

  /** Both identities of a state whose rows have to get other columns; null: they stay. Throws where it can't be gone on with. */
  check({
    name
  }: Pick<KeyedState, 'name'>): { before: StateIdentity; after: StateIdentity } | null {
    const after = this.#after(name)
    const before = this.#before(name)
    if (before === null) return null
    const { verdict, reason } = verdictOf(before, after)
    if (verdict === 'keep' || verdict === 'drain') return null
    if (verdict === 'migrate') return { before, after }
    if (this.#accepted && before.layout === after.layout) return null
    throw new EnvironmentError(
      `the state "${name}" was kept by another script: ${reason}. "miraclec diff old.sql new.sql" shows what has changed. ` +
        `Start with --rebuild-state to read the sources from their beginning again, ${this.#otherWay(before, after)}`
    )
  }

  /** Whether rows that are on their way to a state may be of another form than this script's. */
  areSentOtherwise({ name }: Pick<KeyedState, 'name'>): boolean {
    const before = this.#before(name)
    return before !== null && before.sent !== this.#after(name).sent
  }

  /** What to say where a state has rows, and nothing says which script they belong to. */
  unknown({ name }: Pick<KeyedState, 'name'>): EnvironmentError {
    return new EnvironmentError(
      `the state "${name}" was kept by a script with another SET parallelism: who has it knows nothing of its rows`,
      'Start with --rebuild-state to read the sources from their beginning again, or go back to the parallelism that it was kept with.'
    )
  }

  #otherWay(before: StateIdentity, after: StateIdentity): string {
    return before.layout === after.layout
      ? 'or with --accept-state to go on with the rows that it has'
      : 'or go back to the script that kept it'
  }

  #after(name: string): StateIdentity {
    return this.#states.find(state => state.name === name)!
  }

  #before(name: string): KnownIdentity | null {
    const text = this.#facts.get(IDENTITY_OF + name) as string | undefined
    return text === undefined ? null : (JSON.parse(text) as KnownIdentity)
  }

  /** Where the rows that a state holds now begin in its changelog: what is before that has other columns, and is there again. */
  start({ name }: KeyedState): number {
    return this.#before(name)?.start ?? 0
  }

  /** From now on the state is this script's. `start`: where its rows begin in the changelog. */
  remember({ name }: KeyedState, start: number): void {
    const fact = IDENTITY_OF + name
    const identity = this.#after(name)
    const text = JSON.stringify({ ...identity, start } satisfies KnownIdentity)
    if (this.#facts.get(fact) !== text) this.#facts.set(fact, text)
  }

  /** How many of the statements have run. Each runs once: those that have must be the first ones still. */
  statementsDone(changes: readonly ChangeDefinition[]): number {
    const done = (this.#facts.get(STATEMENTS) as string | undefined)?.split(' ') ?? []
    const changed = done.findIndex((meaning, i) => changes[i]?.meaning !== meaning)
    if (changed < 0 || this.#accepted) return Math.min(done.length, changes.length)
    const { statement, line } = changes[changed] ?? { statement: 'none', line: 0 }
    const found = line === 0 ? 'is no more there' : `is another now (line ${line}, ${statement})`
    throw new EnvironmentError(
      `statement ${changed + 1} of the script has run already and ${found}: each runs once in the life of a pipeline. ` +
        'Write new ones behind those that have run, start with --rebuild-state to begin anew, or with --accept-state to go on'
    )
  }

  statementDone(changes: readonly ChangeDefinition[], count: number): void {
    const done = changes.slice(0, count).map(({ meaning }) => meaning)
    this.#facts.set(STATEMENTS, done.join(' '))
  }
}
