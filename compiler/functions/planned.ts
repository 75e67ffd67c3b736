/** Functions of the language that do not compile yet: they get "not supported yet", not "does not exist". */
export const plannedFunctions: ReadonlySet<string> = new Set([
  ...['regexp_matches', 'regexp_split_to_table', 'string_to_table'],
  ...['date_add', 'date_diff', 'timestampadd', 'timestampdiff'],
  ...['row_number', 'rank', 'dense_rank', 'lag', 'lead', 'ntile', 'nth_value'],
  ...['count', 'sum', 'avg', 'min', 'max', 'stddev', 'stddev_pop', 'stddev_samp', 'variance'],
  ...['var_pop', 'var_samp', 'corr', 'bool_and', 'bool_or', 'every', 'string_agg', 'array_agg'],
  ...['percentile_cont', 'percentile_disc'],
  ...['first_value', 'last_value', 'mode'],
  ...['tumble', 'hop', 'session', 'cumulate', 'window_start', 'window_end', 'window_time']
])

/** What to write in place of one of them. */
export const plannedHints: Readonly<Record<string, string>> = {
  regexp_matches: 'Use regexp_match for the first match, or regexp_split_to_array.',
  regexp_split_to_table: 'Write UNNEST(regexp_split_to_array(text, pattern)).',
  string_to_table: 'Write UNNEST(string_to_array(text, separator)).',
  date_add: 'Write the sum: time + INTERVAL ...',
  date_diff: 'Write the difference: a - b, or EXTRACT(EPOCH FROM a - b).',
  timestampadd: 'Write the sum: time + INTERVAL ...',
  timestampdiff: 'Write the difference: a - b, or EXTRACT(EPOCH FROM a - b).'
}
