import {PmpcError} from 'pmpc/kit/errors'
import {shellWord} from 'pmpc/kit/files'
import {clustersWithState} from 'pmpc/kit/observed'
import type {Workspace} from 'pmpc/kit/workspace'
import {LEDGER} from '../coverage.js'
import {filesBelow, textOf} from '../files.js'
import {FOLDER, isMarked} from '../generated.js'
import {objectOf} from '../terraform/addresses.js'
import {variablesOf} from '../terraform/names.js'
import {foreignIn} from './foreign.js'

const CODE = `${FOLDER}/terraform`

/** The generated code that is to be proved. */
export interface Code {
  /** By their paths below `iac/terraform`. */
  files: ReadonlyMap<string, string>
  /** How many objects it imports. */
  imports: number
  /** What the variables of each cluster that it is of begin with, by the cluster. */
  variables: ReadonlyMap<string, string>
  /** The object, by its full name, that a resource is of, by its address. */
  objects: ReadonlyMap<string, string>
}

/**
 * Reads the generated files; what people wrote beside them is theirs to try.
 * @throws PMPC_IAC_MISSING where there is none, PMPC_IAC_FOREIGN for what pmpc does not write in one
 */
export async function readCode(workspace: Workspace): Promise<Code> {
  const {root} = workspace
  const paths = filesBelow(root, CODE, ['.tf'])
  const texts = paths.map((path) => [path.slice(CODE.length + 1), textOf(root, path)] as const)
  const files = new Map(texts.filter(([, text]) => isMarked(text)))
  if (files.size === 0) throw noCode()
  await refuseForeign(files)
  const imports = [...files.values()].reduce((sum, text) => sum + (text.match(/^import \{$/gm)?.length ?? 0), 0)
  return {files, imports, variables: variablesIn(workspace, files), objects: objectsByAddress(root)}
}

function noCode(): PmpcError {
  return new PmpcError('PMPC_IAC_MISSING', `there is no generated code below ${CODE}`, {
    suggestions: ['pmpc iac generate --target terraform', 'pmpc status'],
    data: {path: CODE},
  })
}

/** Whoever proves a repository of somebody else's runs nothing of theirs; what cannot be parsed might be anything. */
async function refuseForeign(files: ReadonlyMap<string, string>): Promise<void> {
  const {parse} = await import('@cdktn/hcl2json')
  for (const [path, text] of files) {
    const foreign = await parse(path, text).then(foreignIn, (error: unknown) => String(error))
    if (foreign !== undefined) throw foreignCode(`${CODE}/${path}`, foreign)
  }
}

function foreignCode(path: string, foreign: string): PmpcError {
  return new PmpcError(
    'PMPC_IAC_FOREIGN',
    `${path} says that it is generated, and has what pmpc does not write: ${foreign}`,
    {
      suggestions: [
        `git log --oneline -- ${shellWord(path)}`,
        'pmpc iac generate --force   # writes it anew; what is yours goes into a file of your own beside it',
      ],
      data: {path, foreign},
    },
  )
}

function variablesIn({root, clusters}: Workspace, files: ReadonlyMap<string, string>): Map<string, string> {
  const text = files.get('variables.tf') ?? ''
  const recorded = clustersWithState(root).filter((cluster) => clusters.includes(cluster))
  const all = [...variablesOf(recorded)]
  return new Map(all.filter(([, variable]) => text.includes(`variable "${variable}_api_token"`)))
}

function objectsByAddress(root: string): Map<string, string> {
  let addresses: Record<string, string> = {}
  try {
    addresses =
      (JSON.parse(textOf(root, `${FOLDER}/${LEDGER}`)) as {addresses?: Record<string, string>}).addresses ?? {}
  } catch {
    // None, or as a merge left it: then addresses are told in place of objects.
  }
  return new Map(Object.entries(addresses).map(([entry, address]) => [address, objectOf(entry)]))
}
