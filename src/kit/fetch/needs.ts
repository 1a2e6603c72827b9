// What a sync needs to see, by the rows of the kinds that are kept.
import type {KindName} from '../resources/index.js'
import {wireKinds, type KindWire, type WireKind} from '../resources/kinds/on-wire.js'

/** What a token needs on `/` for a sync of some kinds. */
export interface Needs {
  /** Privileges that let read. */
  reading: string[]
  /** Kinds that are shown to those only who may change them, and the privilege that shows them. */
  writing: Record<string, string>
}

/** Nodes, their versions and their services are read whichever kinds are kept. */
const always = 'Sys.Audit'

const isReading = (privilege: string): boolean => /\.(Audit|Use)$/.test(privilege)

/** Whether a kind is shown only to who may change it: a token that only reads is not to be given that. */
export function needsMoreThanReading({sight}: Pick<WireKind, 'sight'>): boolean {
  return sight !== null && !sight.privileges.some(isReading)
}

/** How a kind that a token cannot see is left out. */
export function leaveOut(kind: string): string {
  return `to leave the kind out, put \`- {kind: ${kind}}\` below \`ignore:\` in pmpc.yaml`
}

/** What a sync of these kinds needs; of all unless given. */
export function needsOf(kept?: readonly KindName[]): Needs {
  const kinds = wireKinds.filter(({name}) => !kept || kept.includes(name))
  const sights = (kind: WireKind): KindWire['sight'][] => [
    kind.sight,
    ...(kind.scopes ?? []).flatMap(({sight}) => sight ?? []),
  ]
  const readable = kinds.filter((kind) => !needsMoreThanReading(kind))
  const reading = readable.flatMap(sights).flatMap((sight) => sight?.privileges.find(isReading) ?? [])
  return {
    reading: [...new Set([always, ...reading])].sort(),
    writing: Object.fromEntries(
      kinds.filter(needsMoreThanReading).map(({name, sight}) => [name, sight!.privileges[0]!]),
    ),
  }
}
