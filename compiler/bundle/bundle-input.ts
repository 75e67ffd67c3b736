/** A compiled script, as what is bundled of it is made of it. */
export interface BundleInput {
  /** Names the executable. */
  readonly name: string
  readonly version: string
  /** The SQL's file, and the hash of its text in UTF-8. */
  readonly script: { readonly name: string; readonly sha256: string }
  /** The emitted TypeScript, importing '#runtime' and exporting `pipeline`, with an inline source map to the SQL. */
  readonly source: string
  readonly plan: string
  readonly models: readonly {
    readonly name: string
    readonly sha256: string
    readonly path: string
  }[]
  /** Where its state is; absent: in memory. */
  readonly backend?: 'memory' | 'lmdb'
}
