/**
 * Scripts of the examples that the compiler refuses today, and why. They are as the reference prints them; a test fails when
 * an entry compiles, so that it goes, and the script gets its tests and its data at work.
 */
export const notSupportedYet: Readonly<Record<string, string>> = {
  'analytics/analytics.sql': 'GROUP BY over a stream',
  'event-sourcing/event-sourcing.sql': 'GROUP BY over a stream',
  'configuration/schema-registry.sql':
    'a schema registry, which the reference has as its future too'
}
