import {isWithheld} from 'pmpc/kit/secrets'
import {resolve} from './at.js'
import type {Claims, Fate} from './claims.js'
import {Raw, type Attribute, type Block as HclBlock, type Expression, type Item} from './hcl.js'
import type {At, Block, Field, Resource} from './rows/row.js'

/** A resource as it stands in the code. */
export interface Written {
  body: Item[]
  /** What `ignore_changes` has, with the reasons. */
  ignored: Map<string, string>
}

/**
 * The body of a resource: exactly what the provider's Read stores, and what of it is left alone.
 * @param claims is told what became of each key
 * @param head stands before the name of an attribute in the ledger
 */
export function writeBody(at: At, resource: Resource, claims: Claims, head = ''): Written {
  const ignored = new Map(Object.entries(resource.ignore ?? {}))
  const hindered = new Map<string, string>()
  for (const {when, of, ignore = of, why} of resource.hindrances ?? []) {
    if (!when(at)) continue
    const reason = typeof why === 'string' ? why : why(at)
    for (const name of of) if (!hindered.has(name)) hindered.set(name, reason)
    for (const name of ignore) if (!ignored.has(name)) ignored.set(name, reason)
  }
  const writer = new Writer(claims)
  const body: Item[] = []
  for (const row of [...resource.fields, ...(resource.blocks ?? [])]) {
    const name = 'to' in row ? row.to : row.block
    const why = hindered.get(name)
    const items = 'to' in row ? writer.field(row, at, head, why) : writer.blocks(row, at, head, why)
    if (!writer.heldBack()) body.push(...items)
    else if (!ignored.has(name)) ignored.set(name, held)
  }
  return {body: [...body, lifecycle(ignored)], ignored}
}

const held = 'it looks like a secret and was not recorded'

class Writer {
  private isHeld = false

  constructor(private readonly claims: Claims) {}

  /** Whether anything since the last time it was asked may not be written. */
  heldBack(): boolean {
    const was = this.isHeld
    this.isHeld = false
    return was
  }

  /** @param why it cannot be written; undefined where it can */
  field(row: Field, at: At, head: string, why?: string): Attribute[] {
    const {to, as} = row
    const path = pathOf(row, at)
    const value = path === undefined ? undefined : at.get(path)
    if (value === undefined) return why === undefined ? attribute(to, absentOf(row, at)) : []
    const isHeld = isWithheld(value)
    this.isHeld ||= isHeld && why === undefined
    const reason = why ?? (isHeld ? held : undefined)
    this.claims.claim(resolve(at.path, path!), fateOf(head + to, reason))
    if (reason !== undefined) return []
    const expression = as(value, at)
    return expression === row.default && !row.always ? [] : attribute(to, expression)
  }

  blocks(row: Block, at: At, head: string, why?: string): HclBlock[] {
    if (row.parsed) {
      this.claims.claim(resolve(at.path, row.parsed.from), fateOf(head + row.block, why))
      return why === undefined ? row.parsed.as(at).map((body) => ({type: row.block, body})) : []
    }
    if (row.each === undefined) return this.block(row, at, `${head}${row.block}.`, why)
    const places = [row.each].flat().flatMap((pattern) => at.each(pattern))
    const among = places.filter((place) => row.where?.(place) ?? true)
    const written: HclBlock[] = []
    for (const place of among) {
      while (row.isDense && written.length < (place.slot ?? 0)) written.push({type: row.block, body: []})
      written.push(...this.block(row, place, `${head}${row.block}[${written.length}].`, why))
    }
    return why === undefined ? written : []
  }

  private block(row: Block, at: At, head: string, why?: string): HclBlock[] {
    const {fields, blocks = []} = row
    const isStored = row.when ? row.when(at) : row.each !== undefined || isAnyThere(row, at)
    if (!isStored) {
      this.unstored(row, at, head, why)
      return []
    }
    const body = [
      ...fields.flatMap((field) => this.field(field, at, head, why)),
      ...blocks.flatMap((inner) => this.blocks(inner, at, head, why)),
    ]
    return why === undefined ? [{type: row.block, body}] : []
  }

  /** What Read does not store is not in the code: that says the same where it is what the provider takes then, and else nothing says it. */
  private unstored({fields, blocks = [], otherwise}: Block, at: At, head: string, why?: string): void {
    for (const field of fields) {
      const path = pathOf(field, at)
      const value = path === undefined ? undefined : at.get(path)
      if (value === undefined) continue
      const isDefault = field.as(value, at) === field.default
      const reason = why ?? otherwise ?? (isDefault ? undefined : (field.alone ?? unread))
      this.claims.claim(resolve(at.path, path!), typeof reason === 'object' ? reason : fateOf(head + field.to, reason))
    }
    for (const inner of blocks) this.blocks(inner, at, head, why ?? otherwise ?? unread)
  }
}

const unread = 'the provider does not read it where nothing else of its block is set'

const fateOf = (to: string, why: string | undefined): Fate =>
  why === undefined ? {how: 'mapped', to} : {how: 'inexpressible', why}

const pathOf = ({from}: Field, at: At): string | undefined => (typeof from === 'function' ? from(at) : from)

function isAnyThere({fields, blocks = []}: Block, at: At): boolean {
  return (
    fields.some((field) => {
      const path = pathOf(field, at)
      return path !== undefined && at.get(path) !== undefined
    }) || blocks.some((inner) => isAnyThere(inner, at))
  )
}

function absentOf({absent, from, as}: Field, at: At): Expression | undefined {
  if (typeof absent === 'function') return absent(at)
  return from === undefined && absent === undefined ? as('', at) : absent
}

const attribute = (name: string, value: Expression | undefined): Attribute[] =>
  value === undefined ? [] : [{name, value}]

/** Nothing is destroyed by accident, and nothing is sent that could not be read as it is written. */
function lifecycle(ignored: ReadonlyMap<string, string>): HclBlock {
  const names = [...ignored.keys()]
  const reasons = new Map<string, string[]>()
  for (const [name, why] of ignored) reasons.set(why, [...(reasons.get(why) ?? []), name])
  const body: Item[] = [{name: 'prevent_destroy', value: true}]
  for (const [why, of] of reasons) body.push({comment: `${of.join(', ')}: ${why}`})
  if (names.length > 0) body.push({name: 'ignore_changes', value: names.map((name) => new Raw(name))})
  return {type: 'lifecycle', body}
}
