/** What drivers ask of a connection. */
export interface SessionFacts {
  readonly user: string
  readonly database: string
  readonly processId: number
  /** In ms since 1970. */
  readonly now: number
  /** Of one parameter; null: there is none of that name. */
  readonly setting: (name: string) => string | null
  readonly settings: () => readonly (readonly [name: string, value: string])[]
  readonly set: (name: string, value: string) => void
}
