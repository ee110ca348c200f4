/** Enough of a file to hold its first line, in bytes. */
const PEEK = 64 * 1024;

/** The column names of a CSV file, whichever of the usual separators it uses. */
export async function headerOf(file: Blob): Promise<string[]> {
  const text = await file.slice(0, PEEK).text();
  const line = text.replace(/^\uFEFF/, '').split(/\r?\n/, 1)[0] ?? '';
  const separator = [',', ';', '\t'].reduce((best, mark) =>
    line.split(mark).length > line.split(best).length ? mark : best,
  );
  return splitLine(line, separator).filter((name) => name !== '');
}

function splitLine(line: string, separator: string): string[] {
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (const mark of line) {
    if (mark === '"') quoted = !quoted;
    else if (mark === separator && !quoted) {
      cells.push(cell.trim());
      cell = '';
    } else cell += mark;
  }
  return [...cells, cell.trim()];
}

/** The field whose name or label a column spells, however it writes spaces and case. */
export function guessField(
  column: string,
  fields: readonly { name: string; label: string }[],
): string | null {
  const plain = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{Nd}]/gu, '');
  const wanted = plain(column);
  return (
    fields.find(({ name, label }) => plain(name) === wanted || plain(label) === wanted)?.name ??
    null
  );
}
