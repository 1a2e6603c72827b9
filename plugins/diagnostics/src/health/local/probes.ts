import {isPmpcError} from 'pmpc/kit/errors'
import {connectReader} from 'pmpc/kit/proxmox'
import type {Caller} from 'pmpc/kit/runs'
import type {Workspace} from 'pmpc/kit/workspace'

/** How an endpoint of a cluster answers. */
export interface Probe {
  endpoint: string
  /** Of a request over a connection that stands; undefined where it does not answer. */
  milliseconds?: number
  /** Why it does not answer, or not to this token. */
  error?: string
  requests: number
}

/** Asks each endpoint of a cluster for its version, by itself: the first request opens the connection, the second is timed. */
export async function probe({config}: Workspace, cluster: string, {env, run, signal}: Caller): Promise<Probe[]> {
  const {endpoints, trust, token} = config.clusters[cluster]!
  return Promise.all(
    endpoints.map(async (endpoint): Promise<Probe> => {
      const reader = await connectReader(
        {cluster, endpoints: [endpoint], trust, tokenId: token},
        {env, signal, onSecret: run.registerSecret, limits: {retries: 0}},
      ).catch((error: unknown) => failureOf(error))
      if (typeof reader === 'string') return {endpoint, error: reader, requests: 0}
      try {
        await reader.get('/version')
        const began = process.hrtime.bigint()
        await reader.get('/version')
        const milliseconds = Number(process.hrtime.bigint() - began) / 1e6
        return {endpoint, milliseconds, requests: reader.stats().requests}
      } catch (error) {
        return {endpoint, error: failureOf(error), requests: reader.stats().requests}
      } finally {
        await reader.close()
      }
    }),
  )
}

/** @throws what asks for an end, and what is no error of pmpc's */
function failureOf(error: unknown): string {
  if (!isPmpcError(error) || error.code === 'PMPC_INTERRUPTED') throw error
  return error.message.replace(/\.$/, '')
}
