import {knownOf} from 'pmpc/kit/anonymize'
import type {ClusterState, Observed} from 'pmpc/kit/resources'
import {readState, writeState} from 'pmpc/kit/state'
import type {Format, Source} from './model.js'
import {placesOf} from './places.js'
import {rewrittenRow, rowsText, type Row} from './rows.js'
import {bytesOfSource} from './source.js'

/** A recorded state of pmpc's: read, rewritten object by object, and written as pmpc writes states. */
export const stateFormat: Format = {
  async look(source, look) {
    const state = await stateIn(source)
    look.known?.(knownOf(state.objects))
    look.text?.(rowsText(rowsOf(state)), {file: source.name, line: 0, column: 0})
  },
  async rewrite(source, {treatment, left}, write) {
    const state = await stateIn(source)
    const [head, ...rows] = rowsOf(state).map((row) => rewrittenRow(row, treatment))
    const objects = rows.map((row, at) => objectOf(state.objects[at]!, row))
    const after: ClusterState = {cluster: String(head!.cluster), objects}
    const text = rowsText(rowsOf(after))
    const found = treatment.left(text)
    if (found.length > 0) left(placesOf(text, found, {file: source.name, line: 0, column: 0}))
    await write(Buffer.from(await writeState(after)))
  },
}

async function stateIn(source: Source): Promise<ClusterState> {
  return readState(await bytesOfSource(source), source.name)
}

/** The cluster, then its objects: what an object is called stands first, under the name of its kind, or as a VMID. */
function rowsOf({cluster, objects}: ClusterState): Row[] {
  return [
    {cluster},
    ...objects.map(({kind, id, ...parts}) => ({[typeof id === 'number' ? 'vmid' : kind]: id, ...parts})),
  ]
}

function objectOf({kind, id: before, ...parts}: Observed, row: Row): Observed {
  const [id, ...values] = Object.values(row)
  const entries = Object.keys(parts).map((key, at) => [key, values[at]])
  const after = typeof before === 'number' ? Number(id) : String(id)
  return {...(Object.fromEntries(entries) as Omit<Observed, 'kind' | 'id'>), kind, id: after}
}
