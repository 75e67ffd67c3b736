import type { SourceFile } from './source/index.ts'
import type { Diagnostic } from './diagnostics/diagnostic.ts'

/** Options, sources and diagnostics of one compilation. Passed to every phase; there is no module-level state. */
export interface Session {
  readonly file: SourceFile
  /** TEST statements that stand beside the script, if they do. */
  readonly testFile?: SourceFile
  readonly options: CompileOptions
  readonly diagnostics: Diagnostic[]
  /** Gets the absolute paths of all files beside the script that were looked at, there or not; absent: nobody wants to know. */
  readonly files?: Set<string>
}

export interface CompileOptions {
  /** False leaves out every rule of `optimize/rules.ts`: tests compare both. */
  readonly optimize: boolean
  /** In one part, whatever SET parallelism says: what a script answers does not depend on who computes it. */
  readonly isWhole?: boolean
  /** Rows go in and out as JSON, whatever the script's records are: for tests and for `dev`, which have no registry. */
  readonly asRows?: boolean
  /** The pipeline has a second form, which shows rows on their way. */
  readonly looks?: boolean
  /** What models' relative paths are relative to. */
  readonly directory: string
  /** Answers with the latest schema of a registry's subject, or why there is none; absent: nobody knows any. */
  readonly schemas?: (request: SchemaRequest) => SubjectSchema | string
}

/** A subject of a registry whose schema a script asks for. */
export interface SchemaRequest {
  /** As written. */
  readonly url: string
  readonly subject: string
  readonly properties: Readonly<Record<string, string>>
}

export interface SubjectSchema {
  readonly type: 'AVRO' | 'PROTOBUF' | 'JSON'
  readonly text: string
  readonly references: readonly { readonly name: string; readonly text: string }[]
}

export function hasErrors(session: Session): boolean {
  return session.diagnostics.some(diagnostic => diagnostic.severity === 'error')
}
