/**
 * Scripts of the examples that the compiler refuses today, and what it refuses in them. They are as the reference prints
 * them; a test fails when one of them gets further, so that the list stays short, and the script gets its tests.
 */
export const notSupportedYet: Readonly<Record<string, readonly string[]>> = {
  // The reference has it as its own future, too.
  'configuration/schema-registry.sql': ['schema_registry_url', 'INFER FROM REGISTRY']
}
