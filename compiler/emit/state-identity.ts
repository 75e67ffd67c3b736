import { createHash } from 'node:crypto'
import type { StateIdentity } from '#runtime'
import type { BoundTable, Program, SourceTask, Stage } from '../ir/index.ts'
import { showType } from '../types/index.ts'
import { layoutOf as layoutOfGroups } from './emit-group-definition.ts'
import { layoutOf as layoutOfJoin } from './emit-join.ts'
import { layoutOf as layoutOfOver } from './emit-over.ts'
import { layoutOf as layoutOfTop } from './emit-top.ts'

/** What a state is made of: see StateOrigin. */
export type StateText = Pick<StateIdentity, 'models'> & { readonly text: string }

/** What each table and stage of a program holds. `texts`: what it is made of. `readers`: what reads what is sent to stages. */
export function identifyStates(
  { tables, stages }: Program,
  texts: ReadonlyMap<string, StateText>,
  readers: readonly SourceTask[]
): readonly StateIdentity[] {
  const origin = (name: string): Pick<StateIdentity, 'meaning' | 'models'> => {
    const { text = '', models = [] } = texts.get(name) ?? {}
    return { meaning: meaningOf(text), ...(models.length === 0 ? {} : { models }) }
  }
  return [
    ...tables.map(({ table }) => ({ ...identifyTable(table), ...origin(table.name) })),
    ...stages.map(stage => {
      const { name, tasks } = stage
      const split = tasks === null ? '' : `; in ${tasks} ${tasks === 1 ? 'task' : 'tasks'}`
      const layout = `${layoutOfStage(stage)}${split}`
      return { name, layout, ...origin(name), ...formsTo(name, readers), table: null }
    })
  ]
}

/** A join has two exchanges. */
function formsTo(
  name: string,
  readers: readonly SourceTask[]
): Partial<Pick<StateIdentity, 'sent'>> {
  const forms = readers
    .filter(({ steps }) => steps.some(step => 'stage' in step && step.stage === name))
    .flatMap(({ exchange }) => exchange?.form ?? [])
  return forms.length === 0 ? {} : { sent: forms.join(' ') }
}

function identifyTable({
  name,
  schema,
  key,
  nullsInKey
}: BoundTable): Omit<StateIdentity, 'meaning'> {
  const columns = schema.columns.map(column => ({ ...column, type: showType(column.type) }))
  const shown = columns.map(
    column => `${column.name} ${column.type}${column.nullable ? '' : ' NOT NULL'}`
  )
  const names = key?.map(index => columns[index]!.name) ?? []
  const nulls = nullsInKey ? ', NULL is one' : ''
  const keyed = names.length === 0 ? 'no key' : `key ${names.join(', ')}${nulls}`
  const layout = [shown.join(', '), keyed]
  const described = columns.map(({ name: called, type, nullable }) => ({
    name: called,
    type,
    nullable
  }))
  return {
    name,
    layout: layout.join('; '),
    table: { columns: described, key, ...(nullsInKey ? { nullsInKey } : {}) }
  }
}

function layoutOfStage(stage: Stage): string {
  switch (stage.kind) {
    case 'Aggregate':
      return layoutOfGroups(stage)
    case 'Join':
      return layoutOfJoin(stage)
    case 'TopN':
      return layoutOfTop(stage)
    case 'Over':
      return layoutOfOver(stage)
  }
}

/** The same for the same text. */
export function meaningOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}
