/**
 * What a command does to the world, from the harmless to the grave; each may do what those before it do. A command states the gravest that
 * any of its flags can make it, so that who lets an effect through lets no more through. Logs of runs and caches do not count.
 *
 * - `reads`: files, Git's history, clusters; nothing is different afterwards.
 * - `records`: what was observed (states, open items), or what is pmpc's own: its configuration, a credential, a file of the simulator's.
 *   A credential is the user's copy of a secret: to store or forget it changes nothing in the cluster.
 * - `declares`: manifests, or what is agreed on, offers of a sync included: what a later plan would do to the cluster.
 * - `changes the cluster`: sends requests after which the cluster is another.
 * - `destroys`: takes something away that nothing here can bring back: a guest, a disk, a snapshot, a token.
 */
export const effects = {
  reads: 'changes nothing',
  records: 'writes what was observed, or configuration of pmpc',
  declares: 'writes manifests, or what is agreed on; the cluster stays as it is',
  'changes the cluster': 'sends changes to the cluster',
  destroys: 'may take away from the cluster what cannot be brought back',
} as const

/** What a command says of itself as `static override readonly effect`; see {@link effects}. */
export type Effect = keyof typeof effects
