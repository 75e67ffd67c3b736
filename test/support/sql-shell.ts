// The `sql` command without an executable around it: node sql-shell.ts <port> [<token>]
import { askSql } from '../../runtime/shell/ask-sql.ts'

const [port, token = null] = process.argv.slice(2)
process.exitCode = await askSql(
  {
    kind: 'sql',
    statement: null,
    port: Number(port),
    token,
    tokenFile: null,
    tlsCa: null,
    format: 'table'
  },
  process.env
)
