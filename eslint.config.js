import tseslint from 'typescript-eslint'

const generated = ['grammar/generated/**', 'dist-pipelines/**', '**/_actual/**', 'test/fixtures/**']

/** Spelled out where the language has no rule: what the house style leaves out of TypeScript. */
const restricted = [
  { selector: 'TSEnumDeclaration', message: 'Use a union of strings, or a frozen object.' },
  { selector: 'ExportDefaultDeclaration', message: 'Export by name.' },
  { selector: 'TSModuleDeclaration[kind="namespace"]', message: 'Use a module.' },
  { selector: 'TSParameterProperty', message: 'Declare the field.' }
]

/** node:test waits for these itself. */
const testCalls = ['test', 'it', 'describe', 'suite']

const house = {
  complexity: ['error', 15],
  eqeqeq: 'error',
  'no-console': 'error',
  'no-restricted-syntax': ['error', ...restricted],
  'prefer-const': 'error',
  '@typescript-eslint/consistent-type-imports': [
    'error',
    { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false }
  ],
  // `interface X extends NodeBase<'X'> {}` is how an IR kind without own fields is written.
  '@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
  // `array[i]!` after a bounds check is the price of noUncheckedIndexedAccess on hot paths.
  '@typescript-eslint/no-non-null-assertion': 'off',
  '@typescript-eslint/no-unused-vars': [
    'error',
    { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }
  ],
  // A promise that nobody waits for is a record that may be lost.
  '@typescript-eslint/no-floating-promises': [
    'error',
    { allowForKnownSafeCalls: [{ from: 'package', package: 'node:test', name: testCalls }] }
  ],
  '@typescript-eslint/no-misused-promises': 'error',
  '@typescript-eslint/await-thenable': 'error',
  '@typescript-eslint/switch-exhaustiveness-check': [
    'error',
    { considerDefaultExhaustiveForUnions: true }
  ]
}

export default tseslint.config(
  { ignores: generated },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strict],
    languageOptions: { parserOptions: { projectService: true } },
    rules: house
  },
  // People read these on a terminal.
  {
    files: ['bench/**/*.ts', 'examples/**/*.ts', 'test/**/*.ts', 'grammar/generate.ts'],
    rules: { 'no-console': 'off' }
  },
  // A byte scanner is one state machine: each split would cost a call per byte.
  { files: ['runtime/codec/**/*.ts'], rules: { complexity: ['error', 22] } },
  // Declarations of other people's modules.
  { files: ['**/*.d.ts'], rules: { 'no-restricted-syntax': 'off' } }
)
