import {expect} from 'chai'
import {readCluster} from '../../../src/kit/fetch/index.js'
import {createClient, type Reader} from '../../../src/kit/proxmox/index.js'
import {ignoreOf} from '../../../src/kit/workspace/index.js'
import type {Lab} from '../lab.js'
import {fieldsOf, getField, type Document} from '../../../src/kit/reconcile/fields.js'
import {observedDocument} from '../../../src/kit/reconcile/documents.js'
import {
  equalValues,
  formatField,
  localKey,
  type ClusterState,
  type KindName,
  type Observed,
  type ObjectRef,
} from '../../../src/kit/resources/index.js'
import {travelOf} from '../../../src/kit/resources/kinds/travels.js'
import type {Around, Next, Step, Wanted, WishedField} from '../../../src/kit/plan/index.js'
import {madeUp} from '../../../src/kit/plan/index.js'

/** What a driver knows of a cluster: all that is read, and what is around an object in it. */
export class Seen implements Around {
  readonly cluster = 'home'

  constructor(
    readonly state: ClusterState,
    private readonly release: string,
  ) {}

  object = (kind: KindName, id: string | number): Observed | undefined =>
    this.state.objects.find((object) => object.kind === kind && object.id === id)

  objects = (kind: KindName): readonly Observed[] => this.state.objects.filter((object) => object.kind === kind)

  version = (): string => this.release
}

/** Looks at a lab's cluster, again and again. */
export class Eye {
  private readonly client: Reader & {close(): Promise<void>}

  constructor(
    lab: Lab,
    private readonly release: string,
  ) {
    const {url, fingerprint, tokenId, tokenSecret} = lab.simulator
    const credential = {tokenId, secret: tokenSecret}
    this.client = createClient({endpoints: [url], trust: {fingerprint}, credential, cluster: 'home'})
  }

  /** Reads the cluster; of the kinds named only, where a look before is given. */
  async look(before?: Seen, only?: readonly KindName[]): Promise<Seen> {
    const settings = {ignore: ignoreOf([]), guestFirewalls: () => true, ...(before && {before: before.state}), only}
    const {state} = await readCluster({reader: this.client, cluster: 'home', ...settings})
    return new Seen(state, this.release)
  }

  async close(): Promise<void> {
    await this.client.close()
  }
}

/** A wish: these fields of an object otherwise than they are. */
export function wish(ref: ObjectRef, is: Observed | null, document: Document | null): Wanted {
  if (!document) return {ref, document, fields: []}
  const now = is ? observedDocument(is, undefined) : undefined
  const fields = fieldsOf(now ? [now, document] : [document]).flatMap((field): WishedField[] => {
    const [a, b] = [getField(now, field), getField(document, field)]
    return equalValues(a, b) ? [] : [{field: formatField(field), is: a, want: b, commit: null}]
  })
  return {ref, document, fields}
}

/** Whether what was read is what was predicted; a value that PVE makes up may be any. */
export function fits(predicted: unknown, read: unknown): boolean {
  if (predicted === madeUp) return read !== undefined
  if (typeof predicted !== 'object' || predicted === null || typeof read !== 'object' || read === null)
    return Object.is(predicted, read)
  const keys = new Set([...Object.keys(predicted), ...Object.keys(read)])
  return [...keys].every((key) =>
    fits((predicted as Record<string, unknown>)[key], (read as Record<string, unknown>)[key]),
  )
}

/** Sends a step as it is. @param secrets what stands for the secrets */
export async function send(lab: Lab, {request}: Step, secrets: Readonly<Record<string, string>> = {}): Promise<void> {
  const {method, path, parameters} = request
  const filled = Object.entries(parameters).map(([name, value]): [string, string | number | readonly string[]] => [
    name,
    typeof value === 'object'
      ? 'secret' in value
        ? (secrets[value.secret] ?? 'secret-word')
        : value.map(String)
      : value,
  ])
  await lab.api(method, path, Object.fromEntries(filled))
}

/** What a step predicts, and what is read once it was sent. */
export interface Told {
  readonly steps: Step[]
  readonly seen: Seen
}

/**
 * Sends what `next` says until it says nothing more, and holds each reading against its prediction.
 * @throws with what was predicted and what was read
 */
export async function drive(
  {lab, eye}: {lab: Lab; eye: Eye},
  next: Next,
  seen: Seen,
  wanted: Wanted,
  {read, secrets, title}: {read: readonly KindName[]; secrets?: Readonly<Record<string, string>>; title: string},
): Promise<Told> {
  const {kind, id} = wanted.ref
  const steps: Step[] = []
  let now = seen
  for (;;) {
    const is = now.object(kind, id) ?? null
    const step = next(is, wanted, now)
    if (!step) return {steps, seen: now}
    const told = (): string => `${title}\n${JSON.stringify({wanted: wanted.document, fields: wanted.fields, is})}`
    if ('refused' in step) throw new Error(`refused: ${JSON.stringify(step.refused)}\n${told()}`)
    if (steps.push(step) > 60) throw new Error(`does not end: ${JSON.stringify(step)}\n${told()}`)
    await send(lab, step, secrets).catch((error: Error) => {
      throw new Error(`${error.message}\n${JSON.stringify(step.request)}\n${told()}`)
    })
    const before = now
    const at = (): string => `${JSON.stringify(step.request)}\n${told()}`
    now = await eye.look(now, read)
    hold(step.after, now.object(kind, id) ?? null, at())
    for (const other of step.also ?? []) hold(other.after, now.object(other.kind, other.id) ?? null, at())
    const touched = new Set([localKey({kind, id}), ...(step.also ?? []).map(localKey)])
    for (const object of before.state.objects)
      if (!touched.has(localKey(object))) hold(object, now.object(object.kind, object.id) ?? null, at())
  }
}

/** @throws where what was read is not what was predicted */
export function hold(predicted: Observed | null, read: Observed | null, title: string): void {
  if (fits(predicted, read) || (read === null && isMarked(predicted))) return
  expect(read, title).to.deep.equal(predicted)
}

/** Whether an object goes some time after the call: then it may be gone by now. */
function isMarked(predicted: Observed | null): boolean {
  const {marked} = predicted ? travelOf(predicted.kind) : {}
  return marked !== undefined && predicted!.facts[marked.fact] === marked.value
}
