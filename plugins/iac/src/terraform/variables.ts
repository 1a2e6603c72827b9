/** The root module's variables of a cluster. */
export interface ClusterVariables {
  /** `https://HOST:8006/`. */
  endpoint: string
  /** `USER@REALM!NAME=SECRET`; sensitive. */
  token: string
  /** Whether the certificate is not checked. */
  insecure: string
}

/** What the variables of a cluster are called; a dash in its name is an underscore in theirs. */
export function variablesOf(cluster: string): ClusterVariables {
  const name = cluster.toLowerCase().replaceAll(/[^a-z0-9_]/g, '_')
  const prefix = /^[a-z_]/.test(name) ? name : `c_${name}`
  return {endpoint: `${prefix}_endpoint`, token: `${prefix}_api_token`, insecure: `${prefix}_insecure`}
}
