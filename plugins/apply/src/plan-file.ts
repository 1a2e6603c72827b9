import {existsSync, lstatSync, statSync} from 'node:fs'
import {dirname, join, relative, resolve, sep} from 'node:path'
import {PmpcError} from 'pmpc/kit/errors'
import {LOCAL_FOLDER, localOf, readNamed, replaceFile, shellWord} from 'pmpc/kit/files'
import {planText, readPlan, type Plan} from 'pmpc/kit/plan'

/** Where hints save plans: in the clone's own folder, which Git ignores. */
export const planFolder = `${LOCAL_FOLDER}/plans`

/** Bytes of a saved plan that are read: one of 100,000 objects has fewer. */
const mostBytes = 2 ** 28

/** A file that a plan is to be saved in. */
export interface PlanFile {
  /** As it was typed. */
  typed: string
  path: string
  /** What it is called below `.pmpc/local` of the workspace, which is made where it is not there; undefined: it is elsewhere. */
  own: string | undefined
}

/**
 * Where a plan goes, before anybody works on it.
 * @param root the workspace
 * @param folder what a relative path is relative to
 * @throws PMPC_NOT_A_PLAN where something else is there, which is not overwritten; PMPC_USAGE where no file can be
 */
export function planFileAt(root: string, folder: string, typed: string): PlanFile {
  const path = resolve(folder, typed)
  const below = relative(join(root, LOCAL_FOLDER), path).split(sep).join('/')
  const own = below === '' || below.startsWith('../') ? undefined : below
  const file = {typed, path, own}
  const there = lstatSync(path, {throwIfNoEntry: false})
  if (there && !there.isFile()) throw notOverwritten(typed, 'is no file')
  if (there && there.size > 0 && !isPlan(file)) throw notOverwritten(typed, 'is no plan')
  if (!there && own === undefined && !statSync(dirname(path), {throwIfNoEntry: false})?.isDirectory())
    throw new PmpcError('PMPC_USAGE', `There is no folder for ${typed}.`, {
      suggestions: [`mkdir -p ${shellWord(dirname(path))}`, `pmpc plan --out ${planFolder}/plan.json`],
      data: {file: typed},
    })
  return file
}

/** Saves a plan for its owner alone, whole or not at all. @throws what the file system says; PMPC_UNSAFE_PATH for a link on the way to the clone's own folder */
export function savePlan(root: string, {path, own}: PlanFile, plan: Plan): void {
  if (own === undefined) replaceFile(path, planText(plan), {mode: 0o600, permissions: 0o600})
  else localOf(root).replace(own, planText(plan))
}

/** Reads a saved plan. @throws as `readPlan`; PMPC_NOT_FOUND; what the file system says */
export function loadPlan(folder: string, typed: string): Plan {
  const path = resolve(folder, typed)
  if (!existsSync(path))
    throw new PmpcError('PMPC_NOT_FOUND', `There is no file ${typed}.`, {
      suggestions: [`ls ${planFolder}`, `pmpc plan --out ${shellWord(typed)}   # saves one there`],
      data: {file: typed},
    })
  return readPlan(readNamed(path, typed, mostBytes).toString('utf8'), typed)
}

function isPlan({path, typed}: PlanFile): boolean {
  try {
    readPlan(readNamed(path, typed, mostBytes).toString('utf8'), typed)
    return true
  } catch (error) {
    // A damaged plan, or a newer pmpc's, is one.
    return ['PMPC_PLAN_DAMAGED', 'PMPC_PLAN_FORMAT'].includes((error as {code?: string}).code ?? '')
  }
}

function notOverwritten(typed: string, why: string): PmpcError {
  return new PmpcError(
    'PMPC_NOT_A_PLAN',
    `${typed} is there and ${why}; it is not overwritten, and nothing was done.`,
    {
      suggestions: [`pmpc plan --out ${planFolder}/plan.json`, `ls -l ${shellWord(typed)}`],
      data: {file: typed},
    },
  )
}
