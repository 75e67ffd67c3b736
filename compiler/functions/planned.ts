/** Functions of the language that do not compile yet: they get "not supported yet", not "does not exist". */
export const plannedFunctions: ReadonlySet<string> = new Set([
  ...['regexp_matches'],
  ...['date_add', 'date_diff', 'timestampadd', 'timestampdiff'],
  ...['row_number', 'rank', 'dense_rank', 'lag', 'lead', 'ntile', 'nth_value'],
  ...['count', 'sum', 'avg', 'min', 'max', 'stddev', 'stddev_pop', 'stddev_samp', 'variance'],
  ...['var_pop', 'var_samp', 'corr', 'bool_and', 'bool_or', 'every', 'string_agg', 'array_agg'],
  ...['percentile_cont', 'percentile_disc'],
  ...['first_value', 'last_value', 'mode'],
  ...['tumble', 'hop', 'session', 'cumulate', 'window_start', 'window_end', 'window_time']
])
