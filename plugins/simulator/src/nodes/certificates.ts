import type {Call} from '../calls/call.js'
import type {NodeState} from '../state/model.js'
import {certificateInfo} from '../tls/info.js'

/** The first certificate of a chain. */
export const firstOf = (chain: string): string => /-----BEGIN [^]*?-----END [^-]*-----\s*/.exec(chain)?.[0] ?? chain

/** Fingerprint of the certificate that a node shows to clients: one that was uploaded or ordered, else its own of the cluster's authority. */
export const shownFingerprint = (call: Call, node: NodeState): string =>
  certificateInfo(node.certificate ? firstOf(node.certificate.certificates) : call.sim.listener.leafOf(node))
    .fingerprint
