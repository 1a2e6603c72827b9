import type {Schema} from '../contract/schema.js'
import {sha1} from '../state/digest.js'
import type {Section} from '../state/model.js'
import {presets} from '../state/presets.js'
import {table} from '../state/tables.js'
import type {Call} from './call.js'

/** What a write is told whose digest is another one. */
export const changedMeanwhile = 'detected modified configuration - file changed by other user? Try again.'

/** Sections of a file of the cluster, by name. */
export const sectionsOf = (call: Call, file: string): Record<string, Section> =>
  table((call.sim.state.sections[file] ??= structuredClone(presets[file] ?? {})))

/** Digest of a file. One that holds nothing, or nothing but what is there without a file, was never written. */
export function fileDigest(call: Call, file: string): string {
  const sections = JSON.stringify(sectionsOf(call, file))
  return sha1(['{}', JSON.stringify(presets[file])].includes(sections) ? '' : sections)
}

const keptValue = (key: string, value: unknown): unknown => {
  if (typeof value !== 'string') return value
  const kept = value.replace(/^\s+|\s+$/g, '')
  return kept === '' || (key === 'comment' && kept === '0') ? undefined : kept
}

/**
 * A section as it comes back from its file: texts have no white space at their ends, and what is empty is not there. Fact: pve-common,
 * PVE/SectionConfig.pm (write_config, parse_config).
 */
export const keptSection = <S extends Section>(section: S): S =>
  Object.fromEntries(
    Object.entries(section)
      .map(([key, value]) => [key, keptValue(key, value)] as const)
      .filter(([, value]) => value !== undefined),
  ) as S

/** A parameter as a file holds it, by its schema: integers and booleans as numbers. */
export function typedValue(schema: Schema | undefined, value: unknown): unknown {
  if (Array.isArray(value)) return value.map(String)
  return ['integer', 'boolean', 'number'].includes(schema?.type ?? '') ? Number(value) : String(value)
}
