/** What the name of a subnet says: `z1-192.0.2.0-24`. Nothing of it is written anew, not even the case of IPv6. */
export function cidrOf(id: string): {zone: string; network: string; mask: string; cidr: string} {
  const [zone, network, mask] = id.split('-') as [string, string?, string?]
  return {zone, network: network ?? '', mask: mask ?? '', cidr: `${network ?? ''}/${mask ?? ''}`}
}
