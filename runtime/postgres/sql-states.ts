/** Codes of ours by what PostgreSQL calls them: https://www.postgresql.org/docs/15/errcodes-appendix.html */
const codes: Readonly<Record<string, readonly string[]>> = {
  // feature_not_supported
  '0A000': [
    ...['create-at-run-time', 'not-supported-yet', 'statement-left-out', 'part-of-dataflow'],
    ...['batch-of-changes', 'views-are-compiled', 'target-cannot-be-written'],
    ...['sink-cannot-be-read', 'over-needs-time']
  ],
  // cardinality_violation
  '21000': ['several-rows'],
  // numeric_value_out_of_range
  '22003': ['out-of-range', 'not-finite'],
  // invalid_datetime_format
  '22007': ['invalid-format'],
  // string_data_right_truncation
  '22001': ['text-too-long'],
  // substring_error
  '22011': ['negative-length', 'invalid-position'],
  // division_by_zero
  '22012': ['division-by-zero'],
  // invalid_regular_expression
  '2201B': ['invalid-regex', 'invalid-like-pattern'],
  // character_not_in_repertoire
  '22021': ['invalid-character', 'nul-character'],
  // invalid_parameter_value
  '22023': ['out-of-domain', 'invalid-argument', 'setting-refused', 'parameter-value'],
  // invalid_escape_sequence
  '22025': ['like-escape-at-end', 'invalid-escape'],
  // array_subscript_error
  '2202E': ['wrong-dimensions'],
  // invalid_text_representation
  '22P02': ['invalid-cast', 'invalid-literal', 'invalid-json', 'not-an-array', 'invalid-json-key'],
  // not_null_violation
  '23502': ['null-for-not-null', 'null-key'],
  // unique_violation
  '23505': ['duplicate-key'],
  // statement_completion_unknown
  '40003': ['commit-unknown'],
  // insufficient_privilege
  '42501': ['token-needed', 'token-not-configured'],
  // syntax_error
  '42601': [
    ...['syntax-error', 'unexpected-character', 'malformed-number', 'statement-count'],
    ...['unterminated-string', 'unterminated-name', 'unterminated-comment', 'script-empty'],
    ...['whole-number-needed', 'column-count']
  ],
  // duplicate_column
  '42701': ['duplicate-column', 'column-set-twice'],
  // ambiguous_column
  '42702': ['ambiguous-name'],
  // undefined_column
  '42703': ['column-not-found', 'field-not-found'],
  // undefined_object
  '42704': ['type-not-found', 'source-not-found', 'sink-not-found', 'object-not-found'],
  // grouping_error
  '42803': ['not-grouped', 'aggregate-inside', 'grouping-argument'],
  // datatype_mismatch
  '42804': ['wrong-type', 'not-assignable', 'no-common-type', 'columns-disagree'],
  // cannot_coerce
  '42846': ['cast-not-defined'],
  // undefined_function
  '42883': ['function-not-found', 'operator-types', 'argument-types'],
  // undefined_table
  '42P01': ['relation-not-found', 'table-not-found'],
  // invalid_column_reference
  '42P10': ['order-position'],
  // program_limit_exceeded
  '54000': ['answer-too-large', 'too-many-rows', 'text-too-long', 'plan-too-large'],
  // statement_too_complex
  '54001': ['statement-too-large', 'statement-too-long', 'nesting-too-deep'],
  // cannot_connect_now
  '57P03': ['pipeline-starting']
}

const states = new Map(
  Object.entries(codes).flatMap(([state, ours]) => ours.map(code => [code, state] as const))
)

/** What else a statement may be refused for: syntax_error_or_access_rule_violation. */
const OTHER = '42000'

export function sqlStateOf(code: string): string {
  return states.get(code) ?? OTHER
}
