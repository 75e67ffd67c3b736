import { buildJava } from '../tools.ts'

/** What java needs to run `FlinkSql` after it. */
export function buildFlinkSql(): readonly string[] {
  const opened = ['lang', 'util', 'time', 'nio'].map(
    part => `--add-opens=java.base/java.${part}=ALL-UNNAMED`
  )
  const flags = ['-Xmx3g', '-XX:+UseParallelGC', '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn']
  return [...flags, ...opened, '-cp', buildJava(import.meta.dirname, 'flinksql'), 'FlinkSql']
}
