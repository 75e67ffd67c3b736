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
  readonly help: string
}

export interface Arguments {
  readonly positional: readonly string[]
  readonly options: Readonly<Record<string, string | true>>
}

export interface Command {
  readonly name: string
  /** What stands behind the name in the usage line. */
  readonly usage: string
  readonly summary: string
  readonly options: readonly Option[]
  /** How many words it takes beside its options; `rest` passes everything after the first on. */
  readonly positional: { readonly min: number; readonly max: number }
  run(args: Arguments): Promise<number>
}
