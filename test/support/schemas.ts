import {Ajv2020} from 'ajv/dist/2020.js'
import {readFileSync} from 'node:fs'
import path from 'node:path'
import {checkout} from './pmpc.js'

/** Throws unless a `--json` result is as its published schema in docs/schema says. */
export function assertSchema(name: string, result: unknown): void {
  const schema = JSON.parse(readFileSync(path.join(checkout, 'docs/schema', `${name}.json`), 'utf8')) as object
  const ajv = new Ajv2020({allowUnionTypes: true, allErrors: true})
  if (!ajv.validate(schema, result))
    throw new Error(`not as docs/schema/${name}.json says: ${ajv.errorsText()}\n${JSON.stringify(result)}`)
}
