import type {Target, TargetName} from './generated.js'

/** What writes code of each sort; loaded when it is asked for. */
export const targets: Readonly<Record<TargetName, () => Promise<Target>>> = {
  terraform: async () => (await import('./terraform/index.js')).terraform,
  ansible: async () => (await import('./ansible/index.js')).ansible,
  tests: async () => (await import('./tests/index.js')).tests,
}

/** Terraform for another provider, as a best effort: on request only. */
export const telmateTarget = {
  folder: 'terraform-telmate',
  target: async (): Promise<Target> => (await import('./telmate/index.js')).telmate,
}
