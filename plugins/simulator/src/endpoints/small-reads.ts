import type {Endpoints} from '../simulation.js'

const none: Endpoints[string] = () => []

export const smallReadEndpoints: Endpoints = {
  'GET /nodes/{node}/disks/list': none,
}
