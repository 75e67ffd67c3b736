import type { Connector, TransactionConnection } from '../../runtime/contract/index.ts'
import { EnvironmentError } from '../../runtime/observe/environment-error.ts'
import type { Random } from './functions/random-value.ts'

/** One of so many polls, and of so many commits, is the last thing that a process does. */
const POLLS = 6
const COMMITS = 4

/** What a process gets that was killed, whatever it asks for: nothing that it does from then on has an effect. */
export class Killed extends EnvironmentError {
  constructor() {
    super('killed', 'A test starts it again.')
  }
}

/** The connector of a process that is killed at a random point: at a poll, or before or behind what a commit does. */
export function killProcess(connector: Connector, random: Random): Connector {
  let isGone = false
  const kill = (): never => {
    isGone = true
    throw new Killed()
  }
  /** What an object does while the process lives; closing it costs nobody anything. */
  const mortal = <T extends object>(object: T): T =>
    new Proxy(object, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name)
        if (typeof member !== 'function' || name === 'close') return member
        return (...args: readonly unknown[]): unknown => {
          if (isGone) throw new Killed()
          return Reflect.apply(member, target, args)
        }
      }
    })
  const commit =
    (transactions: TransactionConnection): TransactionConnection['commit'] =>
    async (changes, offsets) => {
      const fate = random(COMMITS)
      if (fate === 0) kill()
      await transactions.commit(changes, offsets)
      if (fate === 1) kill()
    }
  return mortal<Connector>({
    ...connector,
    async openSource(definition, listener) {
      const source = await connector.openSource(definition, listener)
      const poll: typeof source.poll = async (...args) => {
        if (random(POLLS) === 0) kill()
        return source.poll(...args)
      }
      return mortal({ ...source, poll })
    },
    openSink: async (...args) => mortal(await connector.openSink(...args)),
    openDeadLetters: async (...args) => mortal(await connector.openDeadLetters(...args)),
    async openTransactions(definition) {
      const transactions = await connector.openTransactions(definition)
      return mortal({ ...transactions, commit: commit(transactions) })
    }
  })
}
