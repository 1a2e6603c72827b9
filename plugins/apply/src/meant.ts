import type {Meant} from 'pmpc/kit/verbs'

/** What `meantFlags` were given as. */
interface MeantFlags {
  node?: string | undefined
  pool?: string | undefined
  tag?: string[] | undefined
  status?: string | undefined
  label?: string[] | undefined
}

/** What words and flags mean. */
export function meantBy(words: readonly string[], {node, pool, tag, status, label}: MeantFlags): Meant {
  return {
    words,
    ...(node !== undefined && {node}),
    ...(pool !== undefined && {pool}),
    ...(status !== undefined && {status}),
    ...(tag && {tags: tag}),
    ...(label && {labels: label}),
  }
}
