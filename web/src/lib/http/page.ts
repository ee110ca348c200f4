/** One page of a list, with the cursor of the next one as the `Link` header told it. */
export interface Page<Row> {
  rows: Row[];
  next: string | null;
  total: number | null;
}

/** Reads `Link: <…?cursor=abc>; rel="next"` and `X-Total-Count`. */
export function pageOf<Row>(rows: Row[], response: Response): Page<Row> {
  const total = response.headers.get('X-Total-Count');
  return {
    rows,
    next: nextCursor(response.headers.get('Link')),
    total: total === null ? null : Number(total),
  };
}

export function nextCursor(link: string | null): string | null {
  const next = link?.split(/,\s*(?=<)/).find((part) => /;\s*rel="?next"?/.test(part));
  const address = next?.match(/<([^>]+)>/)?.[1];
  return address === undefined ? null : new URL(address, 'http://x').searchParams.get('cursor');
}
