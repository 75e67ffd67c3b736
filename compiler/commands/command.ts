/** Exit codes of every command, as `language.md` fixes them. */
export const exitCode = {
  done: 0,
  /** The script or its data is wrong. */
  script: 1,
  usage: 2,
  /** Broker unreachable, port taken, file not writable. */
  environment: 3,
  /** A bug in miraclec. */
  internal: 4
} as const

export interface Option {
  /** Without the dashes. */
  readonly name: string
  readonly short?: string
  /** Null: a flag without a value. */
  readonly value: string | null
  /** The values that are accepted; absent: any. */
  readonly choices?: readonly string[]
  /** The value is a whole number from here up. */
  readonly from?: 0 | 1
  readonly help: string
}

export interface Arguments {
  readonly positional: readonly string[]
  readonly options: Readonly<Record<string, string | true>>
  readonly rest: readonly string[]
}

export interface Command {
  readonly name: string
  /** What stands behind the name in the usage line. */
  readonly usage: string
  readonly summary: string
  readonly options: readonly Option[]
  /** How many words it takes beside its options. */
  readonly positional: { readonly min: number; readonly max: number }
  /** Everything behind the first word is somebody else's: it becomes `Arguments.rest` as it is. */
  readonly takesRest?: true
  run(args: Arguments): Promise<number>
}
