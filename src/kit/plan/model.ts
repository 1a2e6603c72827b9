import type {Document} from '../reconcile/fields.js'
import type {Consequence} from '../resources/kinds/travels.js'
import type {KindName, ObjectRef, Observed, Origin, Scalar, Value} from '../resources/index.js'

/**
 * What a plan is made of. All of it is data, and what computes it is pure: `next(is, wanted, around)` gives the one request that brings an object
 * nearer to what is wanted, with the object as it will be then. A plan is `next` repeated over what it predicts; an apply repeats it over what it reads.
 */

export {madeUp} from '../resources/kinds/travels.js'
export type {Origin}

/** What a request does to one field, or to the whole object where no field is named. */
export interface Effect {
  field?: string
  consequence: Consequence
  /** Nothing brings back what was. */
  irreversible?: true
  /** The guest has to let go of a device; where it does not, PVE keeps the change pending. */
  ifGuestLetsGo?: true
  /** In a few words, where the consequence alone does not say it: `the volume stays, as unused0`. */
  note?: string
}

/** What is wanted of one object. */
export interface Wanted {
  ref: ObjectRef
  /** The object as it is, with the wished fields replaced; null: it is to go. Values are those of the manifest, wishes of volumes not yet bound. */
  document: Document | null
  fields: readonly WishedField[]
  /** Where it is to go: the commit that this wish comes from, or null: the working tree. */
  commit?: string | null
  /** How to make it where it is not there; from the manifest's `from:`. */
  from?: Origin
  /** Where to make it: the manifest's `placement.node`, pinned or not. */
  node?: string
  /** There once its wishes were bound to what was there when the plan was made: see `bindGuest`. */
  bound?: Decided
}

/** What a plan decides once, and what no later look at the object could tell. */
export interface Decided {
  /** Whether it is to run in the end: what it did when the plan was made, unless that is wished otherwise. */
  runs: boolean
  /** It was not there: all of its document is wished. */
  made?: true
  /** The slots that are left or taken in between, as they are to be in the end: what is there then tells nothing of them. */
  slots?: Readonly<Record<string, Value>>
  /** The sizes of the volumes that change their slots, by their names. */
  sizes?: Readonly<Record<string, string>>
}

/** A field that somebody wishes to be otherwise; undefined: it is absent there. */
export interface WishedField {
  field: string
  is: Value | undefined
  want: Value | undefined
  /** The commit that it comes from, or null: the working tree. */
  commit: string | null
}

/** What a step may have to know beside its object. Nothing in it is read while a plan is made. */
export interface Around {
  cluster: string
  /** Any object of the cluster, as it was read or recorded last, or as it will be after the steps before. */
  object(kind: KindName, id: string | number): Observed | undefined
  /** All objects of a kind. */
  objects(kind: KindName): readonly Observed[]
  /** Version of a node, of the cluster's oldest where none is named: `9.2`. */
  version(node?: string): string
  /** Where steps were done: the cluster before them, and what is otherwise since, by `localKey`. */
  over?: {before: Around; changes: ReadonlyMap<string, Also>}
}

/** A request, as it is sent. */
export interface Request {
  method: 'POST' | 'PUT' | 'DELETE'
  path: string
  /** Sorted by name; a list is a parameter that is sent several times. A secret stands as `{secret: 'cipassword'}` and is filled in when it is sent. */
  parameters: Record<string, Sent>
}

/** What is sent as a parameter. */
export type Sent = Scalar | readonly Scalar[] | SecretParameter

export interface SecretParameter {
  secret: string
}

/** One request with what it does. */
export interface Step {
  request: Request
  effects: readonly Effect[]
  /** The digest that is sent along, read anew each time: of the object's configuration, or of the list that it stands in. */
  digest?: 'object' | 'list'
  /** It answers with a task. */
  task?: true
  /** It brings into use what the steps of these objects wrote, by `localKey`: once for all of them, after the last. */
  stage?: readonly string[]
  /** Takes back all that waits to be brought into use, where there is a call for that. */
  revert?: Request
  /** What allocates volumes, on which storage: so many at a time are let through. */
  allocates?: readonly string[]
  /** Other objects that PVE changes along: a group that goes is taken out of its users. */
  also?: readonly Also[]
  /** The object afterwards; null: it is gone. Where PVE makes something up (a volume's name, a MAC), it holds {@link madeUp}. */
  after: Observed | null
}

/** Another object as it will be; null: it is gone. */
export interface Also {
  kind: KindName
  id: string | number
  after: Observed | null
}

/** Why nothing can be sent for a wish. */
export interface Refusal {
  field?: string
  /** A stable code, as of errors. */
  code: string
  message: string
  suggestions: readonly string[]
}

/** The next step; or why there is none; or undefined: all that was wished is met. */
export type Next = (is: Observed | null, wanted: Wanted, around: Around) => Step | {refused: Refusal} | undefined

/** What was found before anything is sent. */
export interface Check {
  object: string
  field?: string
  /** Which check of the table: `privileges`, `space`, `lock`, … */
  check: string
  severity: 'error' | 'warning'
  message: string
  suggestions: readonly string[]
}

/** All steps for one object. */
export interface Action {
  ref: ObjectRef
  wanted: Wanted
  /** The object as it was read; null: it is not there. */
  is: Observed | null
  steps: readonly Step[]
  /** Wishes that nothing can be sent for. */
  refused: readonly Refusal[]
}
