/** The exit codes of pmpc; docs/decisions/0003. 2 and 3 only with `--detailed-exitcode`. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  differs: 2,
  partial: 3,
  usage: 64,
  bug: 70,
  tryLater: 75,
  notAllowed: 77,
  missing: 127,
  interrupted: 130,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

const {usage, bug, tryLater, notAllowed, missing, interrupted} = exitCodes

/**
 * How the process ends by an error's code; what is not named here ends with 1. A code that says what happened, and not whether it may pass, is
 * thrown with another number where that is known: PMPC_UNREACHABLE with 1 where nothing listens or a name is wrong, PMPC_NOT_PVE with 75 where an
 * answer broke off (both in proxmox/errors.ts), PMPC_BAD_ENDPOINT with 64 where it was typed (proxmox/meet.ts).
 */
const exits: Readonly<Record<string, ExitCode>> = {
  PMPC_AMBIGUOUS: usage,
  PMPC_ANONYMIZE_OUTPUT: usage,
  PMPC_BAD_FINGERPRINT: usage,
  PMPC_BAD_OBJECT: usage,
  PMPC_BAD_RANGE: usage,
  PMPC_BAD_SELECTOR: usage,
  PMPC_BAD_VALUE: usage,
  PMPC_CONSENT: usage,
  PMPC_FILE_DIFFERS: usage,
  PMPC_FLAG_REQUIRED: usage,
  PMPC_IAC_EDITED: usage,
  PMPC_IAC_MISSING: usage,
  PMPC_IAC_OUTPUT: usage,
  PMPC_IGNORED: usage,
  PMPC_NESTED_WORKSPACE: usage,
  PMPC_NOTHING_OPEN: usage,
  PMPC_NOTHING_TO_RESUME: usage,
  PMPC_NOT_A_PLAN: usage,
  PMPC_NOT_MANAGED: usage,
  PMPC_NO_EDITOR: usage,
  PMPC_NO_MANIFEST: usage,
  PMPC_NO_SECRET: usage,
  PMPC_NO_TERMINAL: usage,
  PMPC_NO_TOKEN_ID: usage,
  PMPC_NO_WORKSPACE: usage,
  PMPC_OUTSIDE_WORKSPACE: usage,
  PMPC_OWN_CHECKOUT: usage,
  PMPC_PLAN_DAMAGED: usage,
  PMPC_PLAN_FORMAT: usage,
  PMPC_PLUGIN_UNKNOWN: usage,
  PMPC_SIMULATOR_FAULT: usage,
  PMPC_SIMULATOR_SEED: usage,
  PMPC_STATE_VERSION: usage,
  PMPC_UNCOMMITTED: usage,
  PMPC_UNKNOWN_CLUSTER: usage,
  PMPC_UNKNOWN_FIELD: usage,
  PMPC_UNKNOWN_KIND: usage,
  PMPC_USAGE: usage,
  PMPC_CHANGED_MEANWHILE: tryLater,
  PMPC_GIT_BUSY: tryLater,
  PMPC_GIT_MOVED: tryLater,
  PMPC_LOCKED: tryLater,
  PMPC_LOCKED_WORKSPACE: tryLater,
  PMPC_NODE_UNREACHABLE: tryLater,
  PMPC_NO_ANSWER: tryLater,
  PMPC_NO_QUORUM: tryLater,
  PMPC_PLAN_OUTDATED: tryLater,
  PMPC_REGISTRY_UNREACHABLE: tryLater,
  PMPC_RUN_UNFINISHED: tryLater,
  PMPC_STORAGE_OFFLINE: tryLater,
  PMPC_TASK_TIMEOUT: tryLater,
  PMPC_UNREACHABLE: tryLater,
  PMPC_ANONYMIZE_EXPOSED: notAllowed,
  PMPC_BAD_CREDENTIAL: notAllowed,
  PMPC_CREDENTIALS_EXPOSED: notAllowed,
  PMPC_CREDENTIAL_BOUND: notAllowed,
  PMPC_CREDENTIAL_COMMAND: notAllowed,
  PMPC_GIT_UNSAFE: notAllowed,
  PMPC_NOT_ALLOWED: notAllowed,
  PMPC_NOT_AUTHENTICATED: notAllowed,
  PMPC_NO_CREDENTIAL: notAllowed,
  PMPC_NO_PRIVILEGES: notAllowed,
  PMPC_READ_ONLY: notAllowed,
  PMPC_SECOND_FACTOR: notAllowed,
  PMPC_UNSAFE_PATH: notAllowed,
  PMPC_COMMAND_NOT_FOUND: missing,
  PMPC_GIT_MISSING: missing,
  PMPC_GIT_TOO_OLD: missing,
  PMPC_TERRAFORM_MISSING: missing,
  PMPC_PLUGIN_MISSING: missing,
  PMPC_INTERRUPTED: interrupted,
  PMPC_BUG: bug,
}

/** The exit code that belongs to an error's code. */
export function exitCodeOf(code: string): ExitCode {
  return exits[code] ?? exitCodes.failed
}
