const TIERS = ['free', 'silver', 'gold', 'black']

export const USERS = 100_000

export interface User {
  readonly id: number
  readonly name: string
  readonly tier: string
}

/** User `id`, as a record of an upsert topic has it. */
export function user(id: number): User {
  return { id, name: `user ${id}`, tier: TIERS[id % TIERS.length]! }
}
