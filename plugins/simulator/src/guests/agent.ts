import type {Guest} from '../state/model.js'

/** Whether a machine's configuration has a guest agent. */
export const agentEnabled = ({config}: Guest): boolean =>
  /^(?:enabled=)?(?:1|on|yes|true)(?:,|$)|,enabled=(?:1|on|yes|true)(?:,|$)/i.test(String(config.agent ?? ''))

/** Whether the guest agent of a running machine answers. */
export const agentAnswers = (guest: Guest): boolean => guest.running && !guest.blank && !guest.paused
