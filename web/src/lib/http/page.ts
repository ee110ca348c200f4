/** One page of a list, with the cursor of the next one as the `Link` header told it. */
export interface Page<Row> {
  rows: Row[];
  next: string | null;
}

export function pageOf<Row>({ data, response }: { data: Row[]; response: Response }): Page<Row> {
  return { rows: data, next: nextCursor(response) };
}

/** Reads `Link: <…?cursor=abc>; rel="next"`. */
export function nextCursor(response: Response): string | null {
  const links = response.headers.get('Link')?.split(/,\s*(?=<)/) ?? [];
  const next = links.find((part) => /;\s*rel="?next"?/.test(part));
  const address = next?.match(/<([^>]+)>/)?.[1];
  return address === undefined ? null : new URL(address, 'http://x').searchParams.get('cursor');
}
