import {ApiError} from '../errors.js'
import type {Params, Schema} from '../contract/schema.js'
import {table} from '../state/tables.js'
import {parseForm} from '../calls/form.js'

/** A request whose body or query cannot be taken; PVE answers it before its API layer, with the text as plain body. */
export class TransportError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message)
  }
}

/** How deep Perl's JSON reads, and what it says of more. */
const maxDepth = 512
const tooDeep = 'json text or perl structure exceeds maximum nesting level (max_depth set too low?)'

function isDeeper(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return depth === 0 || Object.values(value).some((item) => isDeeper(item, depth - 1))
}

/** Decodes a body by its content type. @throws TransportError 506 for types PVE does not take, 501 for broken JSON */
export function parseBody(contentType: string | undefined, body: string): Params {
  if (body === '') return {}
  const type = contentType?.split(/[;,]/)[0]?.trim()
  if (!type || type === 'application/x-www-form-urlencoded') return parseForm(body)
  if (type === 'application/json') {
    try {
      const value: unknown = JSON.parse(body)
      if (isDeeper(value, maxDepth)) throw new TransportError(501, tooDeep)
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Params
    } catch (error) {
      throw error instanceof TransportError ? error : new TransportError(501, 'malformed JSON string')
    }
    throw new TransportError(501, 'Not a HASH reference')
  }
  throw new TransportError(506, `upload 'Content-Type '${contentType}' not implemented`)
}

/** What Perl makes of a value in a text: of an object, where it lies in memory. */
function perlText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value ?? '')
  return `${Array.isArray(value) ? 'ARRAY' : 'HASH'}(0x55d0c8a1e2b0)`
}

/** Shapes one value as PVE does before it checks: lists are joined or wrapped, JSON scalars become text. */
function shape(value: unknown, schema: Schema | undefined): unknown {
  if (Array.isArray(value)) {
    if (typeof schema?.format === 'string' && schema.format.endsWith('-list') && schema.type !== 'array')
      return value.map(perlText).join(',')
    return value.map((item) => shape(item, schema?.items))
  }
  const scalar = typeof value === 'number' ? String(value) : typeof value === 'boolean' ? (value ? '1' : '0') : value
  const isList = schema?.type === 'array' || schema?.oneOf?.every(({type}) => type === 'array')
  // What Perl takes for nothing is not made a list.
  return isList && scalar && scalar !== '0' ? [scalar] : scalar
}

/**
 * Merges path variables, query and body (a query parameter wins over the body's) into the parameters of a call.
 * @throws ApiError 400 when a parameter repeats a path variable with another value
 */
export function mergeParams(uri: Record<string, string>, query: Params, body: Params, schema: Schema): Params {
  const params: Params = table({})
  const errors: Record<string, string> = table({})
  for (const [key, value] of Object.entries({...body, ...query})) {
    if (key === '_dc') continue
    if (value === null) continue
    const shaped = shape(value, schema.properties?.[key])
    if (Object.hasOwn(uri, key) && String(shaped) !== uri[key]) {
      errors[key] = 'duplicate parameter (already defined in URI) with conflicting values!'
    }
    params[key] = shaped
  }
  if (Object.keys(errors).length > 0) throw new ApiError(400, 'Parameter verification failed.\n', errors)
  return table({...params, ...uri})
}
