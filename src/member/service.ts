/**
 * Whether an entry is in service on a day. Without a day the question is about the end state: everything that has no
 * last day is in service, whenever it starts.
 */
export function inService(
  entry: { from?: string | undefined; to?: string | undefined; void?: string | undefined },
  today: string | undefined,
): boolean {
  if (entry.void !== undefined) return false;
  if (today === undefined) return entry.to === undefined;
  return (entry.from === undefined || entry.from <= today) && (entry.to === undefined || today <= entry.to);
}
