/** What a token with the role PVEAuditor holds on `/`, as far as a sync asks for it; the numbers say that it holds below, too. */
export const auditor = {
  'VM.Audit': 1,
  'Datastore.Audit': 1,
  'Sys.Audit': 1,
  'Pool.Audit': 1,
  'SDN.Audit': 1,
  'Mapping.Audit': 1,
}
