/** Functions of the language that do not compile yet: they get "not supported yet", not "does not exist". */
export const plannedFunctions: ReadonlySet<string> = new Set([
  ...['regexp_matches', 'sha256', 'encode', 'decode', 'to_number'],
  ...['date_add', 'date_diff', 'timestampadd', 'timestampdiff'],
  ...['array_length', 'cardinality', 'array_contains', 'array_append', 'array_join', 'unnest'],
  ...['map', 'map_keys', 'map_values', 'element_at'],
  ...['cosine_distance', 'l2_distance', 'inner_product', 'row'],
  ...['row_number', 'rank', 'dense_rank', 'lag', 'lead', 'ntile', 'nth_value'],
  ...['count', 'sum', 'avg', 'min', 'max', 'stddev', 'stddev_pop', 'stddev_samp', 'variance'],
  ...['var_pop', 'var_samp', 'corr', 'bool_and', 'bool_or', 'every', 'string_agg', 'array_agg'],
  ...['percentile_cont', 'percentile_disc', 'approx_percentile', 'approx_count_distinct'],
  ...['first_value', 'last_value', 'mode'],
  ...['tumble', 'hop', 'session', 'cumulate', 'window_start', 'window_end', 'window_time']
])
