import { MessagePlan } from '../../runtime/protobuf/message-plan.ts'
import { planRecords, type ProtobufColumn } from '../../runtime/protobuf/protobuf-decoder.ts'
import type { ProtoSource } from './read-proto-files.ts'

/** Why the columns can't be read from the message, and which of them; null: they can. */
export function checkMessage(
  columns: readonly ProtobufColumn[],
  schema: ProtoSource
): { readonly message: string; readonly column: number | null } | null {
  const plan = planRecords(columns, 'auto', schema)
  return plan instanceof MessagePlan ? null : plan
}
