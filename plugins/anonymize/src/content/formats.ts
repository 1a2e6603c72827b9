import {binaryError} from '../errors.js'
import {bundleFormat} from './bundle.js'
import {gzipFormat} from './gzip.js'
import type {Format, Source} from './model.js'
import {formOf, HEAD, type Form} from './sniff.js'
import {headOf} from './source.js'
import {sqliteFormat} from './sqlite.js'
import {tarFormat} from './tar.js'
import {textFormat} from './text.js'
import {zipFormat} from './zip.js'

/** Archives within archives: one in one. */
const DEEPEST = 2

const packed: Readonly<Record<'gzip' | 'tar' | 'zip' | 'sqlite' | 'bundle', Format>> = {
  gzip: gzipFormat,
  tar: tarFormat,
  zip: zipFormat,
  sqlite: sqliteFormat,
  bundle: bundleFormat,
}

/** How a source is looked through. @throws PMPC_ANONYMIZE_BINARY where it cannot be */
export async function formatOf(source: Source, depth: number): Promise<Format> {
  return formatFor(formOf(await headOf(source, HEAD)), source.name, depth)
}

/** The same for a form that is known. */
export function formatFor(form: Form, name: string, depth: number): Format {
  if (form.form === 'text') return textFormat(form.encoding)
  if (form.form === 'binary') throw binaryError(name, form.what)
  if (depth >= DEEPEST && form.form !== 'sqlite') throw binaryError(name, 'an archive in an archive in an archive')
  return packed[form.form]
}
